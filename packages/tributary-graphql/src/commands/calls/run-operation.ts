import { setTimeout as delay } from "node:timers/promises";
import { CallLog } from "../../core/call-log.ts";
import { pathsOfApp } from "../app-paths.ts";
import type { ClientOperation } from "./client-operations.ts";
import { HeldCallLog, type ObservedCall } from "./held-call-log.ts";
import { Lockstep } from "./lockstep.ts";
import type { RunningApp } from "./running-app.ts";
import type { Trigger, Values } from "./variables.ts";

/**
 * How an answer is asked for: as one piece of JSON, as the stream that a client with `@defer` takes, or as the first
 * event of a subscription.
 */
export type AnswerForm = "json" | "stream" | "event";

/** One run of one operation. */
export interface Run {
  readonly calls: readonly ObservedCall[];
  /** The calls that the first payload of a stream waited for. */
  readonly firstPayloadCalls: readonly ObservedCall[];
  readonly data: unknown;
  /** Each as one line; empty for a run that proves something. */
  readonly errors: readonly string[];
  /** Names of the calls that did not wait for `beforeCall`, so that their position in a chain is unknown. */
  readonly unheld: readonly string[];
}

const accepts: Readonly<Record<AnswerForm, string>> = {
  json: "application/json",
  stream: "multipart/mixed",
  event: "text/event-stream",
};

/** How long a subscription may take to its first event, in milliseconds. */
const firstEventMs = 10_000;

/**
 * Runs an operation with its calls in lockstep; a subscription up to its first event.
 *
 * @param trigger sent once a subscription listens
 */
export async function runOperation(
  app: RunningApp,
  operation: Pick<ClientOperation, "text" | "name">,
  variables: Values,
  form: AnswerForm,
  trigger?: Trigger,
): Promise<Run> {
  const lockstep = new Lockstep<ReturnType<RunningApp["originNow"]>>();
  const log = new HeldCallLog(lockstep, app.originNow);
  const answer = app.ask(requestFor(operation, variables, accepts[form]), log, async (response) => {
    if (form === "event") return { payloads: await firstEvent(app, response, trigger), firstPayloadCalls: 0 };
    let firstPayloadCalls = 0;
    const payloads = await readPayloads(response, () => {
      firstPayloadCalls = log.observed.length;
      return false;
    });
    return { payloads, firstPayloadCalls };
  });
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

/** The errors of a trigger count as those of its event. */
async function firstEvent(app: RunningApp, response: Response, trigger: Trigger | undefined): Promise<ReadPayload[]> {
  const { promise: first, resolve } = Promise.withResolvers<ReadPayload[]>();
  const reading = readPayloads(response, (payload) => {
    resolve([payload]);
    return true;
  });
  if (trigger !== undefined) {
    const request = requestFor({ text: trigger.query }, trigger.variables ?? {}, accepts.json);
    const [answer] = await app.ask(request, new CallLog(), (response) => readPayloads(response));
    if (answer?.errors) return [{ errors: answer.errors }];
  }
  const timer = new AbortController();
  const late = delay(firstEventMs, [{ errors: [noEvent] }], { signal: timer.signal }).catch(() => []);
  const payloads = await Promise.race([first, reading, late]);
  timer.abort();
  return payloads.length === 0 ? [{ errors: [noEvent] }] : payloads;
}

const noEvent: ClientError = {
  message: `no event came within ${firstEventMs} ms: say in ${pathsOfApp().variables} what triggers one`,
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
 * The payloads of an answer of any form: each is one line of JSON, which an event stream puts behind `data: `.
 *
 * @param isEnough called as soon as the first is there; true ends the reading. Default: all are read.
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

/** The same error of all items of a list is one line: places in lists are left out. */
function errorLine({ message, path, extensions }: ClientError): string {
  const names = path?.filter((key) => typeof key === "string").join(".");
  return [names, extensions?.code, message].filter(Boolean).join(": ");
}
