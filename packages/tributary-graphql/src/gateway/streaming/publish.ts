import type { GraphQLError } from "graphql";
import type { RequestRun } from "../request-run.ts";
import { toClientError } from "../security/client-errors.ts";
import { createWriter } from "./create-writer.ts";
import type { Payload } from "./payload.ts";
import { WritableParts } from "./writable-parts.ts";

/** A payload as it leaves the house: errors masked, deferred ones included, and the call log on the last one. */
export function publish(payload: Payload, run: RequestRun): Payload {
  if (!run.showsCalls && isPublic(payload)) return payload;
  const published: Payload = {
    ...payload,
    ...masked(payload, run),
    ...(payload.incremental && {
      incremental: payload.incremental.map((entry) => ({ ...entry, ...masked(entry, run) })),
    }),
    ...(payload.completed && { completed: payload.completed.map((part) => ({ ...part, ...masked(part, run) })) }),
    ...(payload.cutOff && { cutOff: toClientError(payload.cutOff, run) }),
  };
  if (!run.showsCalls || payload.hasNext === true) return published;
  return { ...published, extensions: { ...payload.extensions, calls: run.calls.entries } };
}

/** Whether there is nothing in it to mask, as in most answers. */
export const isPublic = ({ errors, incremental, completed, cutOff }: Payload): boolean =>
  errors === undefined && incremental === undefined && completed === undefined && cutOff === undefined;

/** The payloads of a stream as JSON, in the format that was negotiated. */
export async function* publishAll(payloads: AsyncIterable<Payload>, run: RequestRun): AsyncGenerator<string, void> {
  const writer = createWriter(run.accepted.incremental);
  const parts = new WritableParts(run);
  for await (const payload of payloads) {
    const written = writer.write(parts.writable(publish(payload, run)));
    if (written === undefined) continue;
    run.report.addPayload(hasData(payload));
    yield JSON.stringify(written);
  }
}

const masked = ({ errors }: { readonly errors?: readonly GraphQLError[] }, run: RequestRun) =>
  errors && { errors: errors.map((error) => toClientError(error, run)) };

/** Whether the payload has data for the client: what it gets beside errors makes an answer partial. */
export const hasData = ({ data }: Payload): boolean => data !== null && data !== undefined;
