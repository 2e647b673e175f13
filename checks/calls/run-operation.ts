import type { ClientOperation } from "./client-operations.ts";
import { HeldCallLog, type ObservedCall } from "./held-call-log.ts";
import { Lockstep } from "./lockstep.ts";
import type { RunningApp } from "./running-app.ts";
import type { Values } from "./variables.ts";

/** How an answer is asked for: as one piece of JSON, or as the stream that a client with `@defer` takes. */
export type AnswerForm = "json" | "stream";

/** One run of one operation. */
export interface Run {
  readonly calls: readonly ObservedCall[];
  /** The calls that the first payload of a stream waited for. */
  readonly firstPayloadCalls: readonly ObservedCall[];
  readonly data: unknown;
  /** Each as one line; empty for a run that proves something. */
  readonly errors: readonly string[];
  /** Names of the calls that did not wait for their turn, so that their place in a chain is unknown. */
  readonly unheld: readonly string[];
}

const accepts: Readonly<Record<AnswerForm, string>> = { json: "application/json", stream: "multipart/mixed" };

/** Runs an operation with its calls in lockstep. */
export async function runOperation(
  app: RunningApp,
  operation: Pick<ClientOperation, "text" | "name">,
  variables: Values,
  form: AnswerForm,
): Promise<Run> {
  const lockstep = new Lockstep<ReturnType<RunningApp["originNow"]>>();
  const log = new HeldCallLog(lockstep, app.originNow);
  const answer = (async () => {
    const response = await app.ask(requestFor(operation, variables, accepts[form]), log);
    let firstPayloadCalls = 0;
    const payloads = await readPayloads(response, () => {
      firstPayloadCalls = log.observed.length;
    });
    return { payloads, firstPayloadCalls };
  })();
  await lockstep.drive(answer);
  const { payloads, firstPayloadCalls } = await answer;
  return {
    calls: log.observed,
    firstPayloadCalls: log.observed.slice(0, firstPayloadCalls),
    data: payloads[0]?.data,
    errors: [...new Set(payloads.flatMap(errorsIn).map(errorLine))],
    unheld: [...log.unheld],
  };
}

/** A request as a client sends it. */
export const requestFor = (
  { text, name }: { readonly text: string; readonly name?: string },
  variables: Values,
  accept: string,
): Request =>
  new Request("http://calls.test/graphql", {
    method: "POST",
    headers: { "content-type": "application/json", accept },
    body: JSON.stringify({ query: text, variables, operationName: name }),
  });

interface WithErrors {
  readonly errors?: readonly ClientError[];
}

interface ClientError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: { readonly code?: string };
}

interface ReadPayload extends WithErrors {
  readonly data?: unknown;
  readonly incremental?: readonly WithErrors[];
}

/** The payloads of an answer of either form: each is one line of JSON. `onFirst` is called as soon as the first is there. */
export async function readPayloads(response: Response, onFirst: () => void): Promise<ReadPayload[]> {
  const decoder = new TextDecoder();
  const payloads: ReadPayload[] = [];
  let rest = "";
  const take = (line: string) => {
    if (!line.startsWith("{")) return;
    payloads.push(JSON.parse(line));
    if (payloads.length === 1) onFirst();
  };
  for await (const chunk of response.body ?? []) {
    const lines = `${rest}${decoder.decode(chunk, { stream: true })}`.split(/\r?\n/);
    rest = lines.pop() ?? "";
    lines.forEach(take);
  }
  take(rest);
  return payloads;
}

const errorsIn = ({ errors = [], incremental = [] }: ReadPayload): ClientError[] => [
  ...errors,
  ...incremental.flatMap((entry) => entry.errors ?? []),
];

/** The same error of all items of a list is one line: places in lists are left out. */
function errorLine({ message, path, extensions }: ClientError): string {
  const names = path?.filter((key) => typeof key === "string").join(".");
  return [names, extensions?.code, message].filter(Boolean).join(": ");
}
