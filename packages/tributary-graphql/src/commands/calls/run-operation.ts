import { setTimeout as delay } from "node:timers/promises";
import { CallLog } from "../../core/call-log.ts";
import { appPaths } from "../app-paths.ts";
import type { ClientOperation } from "./client-operations.ts";
import { Lockstep } from "./lockstep.ts";
import { LockstepCallLog, type ObservedCall } from "./lockstep-call-log.ts";
import type { RunningApp } from "./running-app.ts";
import type { Trigger, Values } from "./variables.ts";

/** The format of a response: JSON, the multipart stream of a client with `@defer`, or the first event of a subscription. */
export type ResponseFormat = "json" | "stream" | "event";

/** One execution of an operation. */
export interface Run {
  readonly calls: readonly ObservedCall[];
  /** The calls before the first payload of a stream. */
  readonly firstPayloadCalls: readonly ObservedCall[];
  readonly data: unknown;
  /** One line per error. */
  readonly errors: readonly string[];
  /** The names of calls that did not await `beforeCall`, whose position in a chain is unknown. */
  readonly withoutBeforeCall: readonly string[];
}

const accepts: Readonly<Record<ResponseFormat, string>> = {
  json: "application/json",
  stream: "multipart/mixed",
  event: "text/event-stream",
};

/** How long a subscription may take to its first event, in milliseconds. */
const firstEventMs = 10_000;

/**
 * Executes an operation with its calls in lockstep; a subscription until its first event.
 * @param trigger sent when the subscription has started
 */
export async function runOperation(
  app: RunningApp,
  operation: Pick<ClientOperation, "text" | "name">,
  variables: Values,
  format: ResponseFormat,
  trigger?: Trigger,
): Promise<Run> {
  const lockstep = new Lockstep<ReturnType<RunningApp["currentOrigin"]>>();
  const log = new LockstepCallLog(lockstep, app.currentOrigin);
  const reading = app.ask(requestFor(operation, variables, accepts[format]), log, async (response) => {
    if (format === "event") return { payloads: await firstEvent(app, response, trigger), firstPayloadCalls: 0 };
    let firstPayloadCalls = 0;
    const payloads = await readPayloads(response, () => {
      firstPayloadCalls = log.observed.length;
      return false;
    });
    return { payloads, firstPayloadCalls };
  });
  await lockstep.drive(reading);
  const { payloads, firstPayloadCalls } = await reading;
  return {
    calls: log.observed,
    firstPayloadCalls: log.observed.slice(0, firstPayloadCalls),
    data: payloads[0]?.data,
    errors: [...new Set(payloads.flatMap(errorsIn).map(errorLine))],
    withoutBeforeCall: [...log.withoutBeforeCall],
  };
}

/** Errors of the trigger count as errors of the event. */
async function firstEvent(app: RunningApp, response: Response, trigger: Trigger | undefined): Promise<ReadPayload[]> {
  const { promise: first, resolve } = Promise.withResolvers<ReadPayload[]>();
  const reading = readPayloads(response, (payload) => {
    resolve([payload]);
    return true;
  });
  if (trigger !== undefined) {
    const request = requestFor({ text: trigger.query }, trigger.variables ?? {}, accepts.json);
    const [payload] = await app.ask(request, new CallLog(), (response) => readPayloads(response));
    if (payload?.errors) return [{ errors: payload.errors }];
  }
  const timer = new AbortController();
  const late = delay(firstEventMs, [{ errors: [noEvent] }], { signal: timer.signal }).catch(() => []);
  const payloads = await Promise.race([first, reading, late]);
  timer.abort();
  return payloads.length === 0 ? [{ errors: [noEvent] }] : payloads;
}

const noEvent: ClientError = {
  message: `no event within ${firstEventMs} ms: add a trigger to ${appPaths().variables}`,
};

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

/**
 * The payloads of a response of any format: each is one line of JSON, which an event stream prefixes with `data: `.
 * @param isEnough called with the first payload; returns true to stop reading. Default: reads all payloads.
 */
export async function readPayloads(
  response: Response,
  isEnough: (first: ReadPayload) => boolean = () => false,
): Promise<ReadPayload[]> {
  const decoder = new TextDecoder();
  const payloads: ReadPayload[] = [];
  let rest = "";
  let isDone = false;
  const take = (line: string) => {
    const json = line.replace(/^data: ?/, "");
    if (!json.startsWith("{")) return;
    const payload: ReadPayload = JSON.parse(json);
    if (payloads.push(payload) === 1) isDone = isEnough(payload);
  };
  for await (const chunk of response.body ?? []) {
    const lines = `${rest}${decoder.decode(chunk, { stream: true })}`.split(/\r?\n/);
    rest = lines.pop() ?? "";
    lines.forEach(take);
    if (isDone) return payloads;
  }
  take(rest);
  return payloads;
}

const errorsIn = ({ errors = [], incremental = [] }: ReadPayload): ClientError[] => [
  ...errors,
  ...incremental.flatMap((entry) => entry.errors ?? []),
];

/** An error as one line. Without list indices, so that equal errors of all items of a list are one line. */
function errorLine({ message, path, extensions }: ClientError): string {
  const names = path?.filter((key) => typeof key === "string").join(".");
  return [names, extensions?.code, message].filter(Boolean).join(": ");
}
