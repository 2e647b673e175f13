import { isDeepStrictEqual } from "node:util";
import type { Case } from "./cases.ts";
import { type ControlledFields, secret } from "./controlled-fields.ts";
import type { Connection, Driver, Operation, State } from "./driver.ts";
import { operationOf } from "./operations.ts";
import { type Expected, plainResult } from "./plain-result.ts";

/** `one response`: the result is complete, but no part came early. `-`: not supported by the client. */
export type Verdict = "yes" | "no" | "one response" | "-";

/** A cell of the table. */
export interface Outcome {
  readonly verdict: Verdict;
  /** The difference from the expected behavior; empty if there is none. */
  readonly note: string;
}

/** Longer than any client takes on a slow machine, shorter than the timeout of the test. */
const clientTimeoutMs = 12_000;

/** Runs a case with a client, and compares its states with the result without directives. */
export async function runCase(driver: Driver, testCase: Case, url: string, fields: ControlledFields): Promise<Outcome> {
  if (testCase.requests.length > 1 && driver.runsOneAtATime) return { verdict: "-", note: "" };
  fields.setFault(testCase.fault);
  fields.resume();
  const operations = testCase.requests.map(operationOf);
  const expected = await Promise.all(
    operations.map((operation) => plainResult(url, operation, testCase.failedFragment)),
  );
  const accepts: string[] = [];
  const connection = await driver.connect(url, recordingFetch(fields, accepts));
  if (testCase.isIncremental && !driver.noStreamReason) fields.pause();
  try {
    const results = await withTimeout(runAll(connection, operations, () => fields.resume()));
    const differences = results.flatMap((states, index) => differencesIn(states, expected[index]));
    // Some clients do not cache results with errors.
    const ofCache = testCase.fault
      ? []
      : operations.flatMap((operation, index) => cacheDifferences(connection, operation, expected[index]));
    if (differences.length + ofCache.length > 0)
      return { verdict: "no", note: [...differences, ...ofCache].join("; ") };
    return outcomeOf(results, expected, testCase, driver.noStreamReason ?? noStreamNote(accepts));
  } catch (error) {
    return { verdict: "no", note: String(error) };
  } finally {
    fields.resume();
    await connection.close();
  }
}

/** Runs the operations concurrently, and resumes the slow fields when each operation has a first state. */
function runAll(connection: Connection, operations: readonly Operation[], resume: () => void): Promise<State[][]> {
  const pending = new Set(operations);
  const onState = (operation: Operation) => {
    pending.delete(operation);
    if (pending.size === 0) resume();
  };
  return Promise.all(operations.map((operation) => collect(connection, operation, () => onState(operation))));
}

const streams = /multipart\/mixed|text\/event-stream/;

/** A `fetch` that resumes the slow fields if the client accepts no stream, because its only response waits for them. */
const recordingFetch =
  (fields: ControlledFields, accepts: string[]): typeof fetch =>
  (input, init) => {
    const accept = new Headers(init?.headers).get("accept") ?? "";
    accepts.push(accept);
    if (!streams.test(accept)) fields.resume();
    return fetch(input, init);
  };

async function collect(connection: Connection, operation: Operation, onState: () => void): Promise<State[]> {
  const states: State[] = [];
  for await (const { data, errors } of connection.run(operation)) {
    states.push(structuredClone({ data: withoutTypenames(data), errors }));
    onState();
  }
  return states;
}

async function withTimeout<Value>(result: Promise<Value>): Promise<Value> {
  const timeout = Promise.withResolvers<never>();
  const timer = setTimeout(() => timeout.reject(new Error("The client did not finish in time.")), clientTimeoutMs);
  try {
    return await Promise.race([result, timeout.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function differencesIn(states: readonly State[], expected: Expected | undefined): string[] {
  const last = states.at(-1);
  if (last === undefined) return ["No state."];
  if (JSON.stringify(states).includes(secret)) return ["The message of the source's error was not masked."];
  const differences: string[] = [];
  const isExpected = [expected?.data, expected?.undeferred].some((data) => isDeepStrictEqual(last.data, data));
  if (!isExpected) differences.push(`Final data: ${JSON.stringify(last.data)}`);
  const paths = (state: State | undefined) => state?.errors.map(({ path }) => path?.join("."));
  if (!isDeepStrictEqual(paths(last), paths(expected))) differences.push(`Errors: ${JSON.stringify(last.errors)}`);
  return differences;
}

function cacheDifferences(connection: Connection, operation: Operation, expected: Expected | undefined): string[] {
  if (connection.cached === undefined) return [];
  const cached = withoutTypenames(connection.cached(operation));
  return isDeepStrictEqual(cached, expected?.data) ? [] : [`Cached data: ${JSON.stringify(cached)}`];
}

function outcomeOf(
  results: readonly (readonly State[])[],
  expected: readonly Expected[],
  { isIncremental }: Case,
  noStream: string,
): Outcome {
  const wasIncremental = results.every(hasPartialStates);
  if (!isIncremental) return wasIncremental ? { verdict: "no", note: "Partial data." } : { verdict: "yes", note: "" };
  if (!wasIncremental) return { verdict: "one response", note: noStream };
  const hasPropagated = results.some((states, index) => !isDeepStrictEqual(states.at(-1)?.data, expected[index]?.data));
  return {
    verdict: "yes",
    note: hasPropagated ? "Null propagates from the failed fragment to its parent, as without `@defer`." : "",
  };
}

/** The note for a client that accepts no stream. */
const noStreamNote = (accepts: readonly string[]): string =>
  accepts.some((accept) => streams.test(accept)) ? "" : `The client accepts no stream: \`accept: ${accepts[0]}\`.`;

const hasPartialStates = (states: readonly State[]): boolean =>
  hasLaterErrors(states) || states.some(({ data }) => !isDeepStrictEqual(data, states.at(-1)?.data));

/** A failed part adds an error, but no data. */
const hasLaterErrors = (states: readonly State[]): boolean =>
  states[0]?.errors.length === 0 && (states.at(-1)?.errors.length ?? 0) > 0;

/** The data of the selected fields: some clients add `__typename`, and undefined for absent fields. */
export function withoutTypenames(data: unknown): unknown {
  return data === undefined
    ? undefined
    : JSON.parse(JSON.stringify(data, (key, value) => (key === "__typename" ? undefined : value)));
}
