import type { PartByPath, Payload } from "tributary-graphql/client/relay";
import { MergedAnswer } from "tributary-graphql/client/relay";
import type { ClientError, State } from "./driver.ts";

/** Merges the payloads of clients that leave it to the application. */
export async function* mergedStates(payloads: AsyncIterable<object>): AsyncGenerator<State, void> {
  const errors: ClientError[] = [];
  let answer = new MergedAnswer(undefined);
  for await (const payload of payloads as AsyncIterable<Payload>) {
    if ("data" in payload) answer = new MergedAnswer(payload.data);
    errors.push(...(payload.errors ?? []));
    for (const part of payload.incremental ?? []) {
      if ("id" in part) throw new Error("Expected the format of August 2022.");
      errors.push(...(part.errors ?? []));
      mergePart(answer, part);
    }
    yield { data: answer.at([]), errors: [...errors] };
  }
}

function mergePart(answer: MergedAnswer, { path = [], data, items }: PartByPath): void {
  if (data) answer.merge(path, data);
  for (const item of items ?? []) answer.append(path.slice(0, -1), item);
}
