import { isDeepStrictEqual } from "node:util";
import type { Case } from "./cases.ts";
import type { Connection, Driver, Operation, State } from "./driver.ts";
import { operationOf } from "./operations.ts";
import { type Expected, plainAnswer } from "./plain-answer.ts";
import { type Scene, secret } from "./scene.ts";

/** `-` where the client has no way to try it. */
export type Verdict = "yes" | "no" | "answers whole" | "-";

/** A cell of the table. */
export interface Outcome {
  readonly verdict: Verdict;
  /** What was seen instead of the promise. Empty where it was kept to the letter. */
  readonly note: string;
}

/** Longer than any client takes on a slow machine: one that gets stuck is not waited for until the test's own end. */
const patienceMs = 12_000;

/** Has a client do one case, and judges what it showed by the answer that the same question has without the directives. */
export async function runCase(driver: Driver, tried: Case, url: string, scene: Scene): Promise<Outcome> {
  if (tried.asked.length > 1 && driver.runsOneAtATime) return { verdict: "-", note: "" };
  scene.setFault(tried.fault);
  scene.release();
  const operations = tried.asked.map(operationOf);
  const expected = await Promise.all(operations.map((operation) => plainAnswer(url, operation, tried.missing)));
  const accepts: string[] = [];
  const connection = await driver.connect(url, watchedFetch(scene, accepts));
  if (tried.inParts && !driver.takesNoStream) scene.hold();
  try {
    const runs = await withPatience(runAll(connection, operations, () => scene.release()));
    const faults = runs.flatMap((states, at) => faultsOf(states, expected[at]));
    // What has failed is for some clients nothing to be kept.
    const cached = tried.fault ? [] : operations.flatMap((asked, at) => cacheFaults(connection, asked, expected[at]));
    if (faults.length + cached.length > 0) return { verdict: "no", note: [...faults, ...cached].join("; ") };
    return judge(runs, expected, tried, driver.takesNoStream ?? noStreamIn(accepts));
  } catch (error) {
    return { verdict: "no", note: String(error) };
  } finally {
    scene.release();
    await connection.close();
  }
}

/** All at once; the slow fields go on when each of them has shown something. */
function runAll(connection: Connection, operations: readonly Operation[], release: () => void): Promise<State[][]> {
  const waiting = new Set(operations);
  const onState = (operation: Operation) => {
    waiting.delete(operation);
    if (waiting.size === 0) release();
  };
  return Promise.all(operations.map((operation) => collect(connection, operation, () => onState(operation))));
}

const streams = /multipart\/mixed|text\/event-stream/;

/**
 * Lets the slow fields go on for a client that asks for no stream: it gets its answer when all of it is there, and would
 * wait for ever.
 */
const watchedFetch =
  (scene: Scene, accepts: string[]): typeof fetch =>
  (input, init) => {
    const accept = new Headers(init?.headers).get("accept") ?? "";
    accepts.push(accept);
    if (!streams.test(accept)) scene.release();
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

async function withPatience<Value>(result: Promise<Value>): Promise<Value> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error("The client did not come to an end.")), patienceMs);
  try {
    return await Promise.race([result, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function faultsOf(states: readonly State[], expected: Expected | undefined): string[] {
  const last = states.at(-1);
  if (last === undefined) return ["It showed nothing."];
  if (JSON.stringify(states).includes(secret)) return ["It was told what the source said."];
  const faults: string[] = [];
  const isRight = [expected?.data, expected?.undeferred].some((data) => isDeepStrictEqual(last.data, data));
  if (!isRight) faults.push(`It showed ${JSON.stringify(last.data)}`);
  const paths = (state: State | undefined) => state?.errors.map(({ path }) => path?.join("."));
  if (!isDeepStrictEqual(paths(last), paths(expected))) faults.push(`Its errors were ${JSON.stringify(last.errors)}`);
  return faults;
}

function cacheFaults(connection: Connection, operation: Operation, expected: Expected | undefined): string[] {
  if (connection.cached === undefined) return [];
  const cached = withoutTypenames(connection.cached(operation));
  return isDeepStrictEqual(cached, expected?.data) ? [] : [`Its cache has ${JSON.stringify(cached)}`];
}

function judge(
  runs: readonly (readonly State[])[],
  expected: readonly Expected[],
  { inParts }: Case,
  noStream: string,
): Outcome {
  const hadParts = runs.every(showedParts);
  if (!inParts) return hadParts ? { verdict: "no", note: "It showed parts." } : { verdict: "yes", note: "" };
  if (!hadParts) return { verdict: "answers whole", note: noStream };
  const bubbled = runs.some((states, at) => !isDeepStrictEqual(states.at(-1)?.data, expected[at]?.data));
  return {
    verdict: "yes",
    note: bubbled ? "The null of the failed part replaces its parent, as without `@defer`." : "",
  };
}

/** Why nothing came early, where it is because nobody asked for it. */
const noStreamIn = (accepts: readonly string[]): string =>
  accepts.some((accept) => streams.test(accept)) ? "" : `It asks for no stream: \`accept: ${accepts[0]}\`.`;

const showedParts = (states: readonly State[]): boolean =>
  hadErrorsLater(states) || states.some(({ data }) => !isDeepStrictEqual(data, states.at(-1)?.data));

/** A part that failed adds nothing to the data: what came first is all there is, and the error comes after it. */
const hadErrorsLater = (states: readonly State[]): boolean =>
  states[0]?.errors.length === 0 && (states.at(-1)?.errors.length ?? 0) > 0;

/** What the application asked for: some clients add `__typename` everywhere, and undefined is as good as absent. */
export function withoutTypenames(data: unknown): unknown {
  return data === undefined
    ? undefined
    : JSON.parse(JSON.stringify(data, (key, value) => (key === "__typename" ? undefined : value)));
}
