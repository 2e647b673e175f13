import type { GraphQLError } from "graphql";
import { type Compared, differ, isPropagated } from "./compared.ts";
import { ErrorText } from "./error-text.ts";
import type { Observation } from "./observe.ts";
import { at, isReached, NullPropagation, type PathKeys, pathText } from "./response-positions.ts";

/**
 * The guarantees of graphql-js about errors, as read in its `Executor` (17.1.0):
 *
 * - An error makes one position null: the nearest nullable one at or above its path, or the whole data. When it arrives there, it
 *   is added to the list, unless that position or one above it is null by an earlier error: then it is dropped. So no two errors
 *   make the same position null, and none makes a position null that lies below that of an earlier error.
 * - An error below a position that a later error makes null stays in the list. Which of the two is found first decides whether it
 *   is listed at all.
 * - The order in which errors are found decides which of several makes a position null, and the order of the list.
 * - A non-null field that throws ends its selection set: the fields after it are not resolved. Those before it, and other pending
 *   fields, continue; their values are dropped, and once the result is complete nothing further is called.
 *
 * Without pending values the order is certain: fields in the order of the operation, each with all fields below it, and list items
 * one by one. With promises it depends on how many ticks each of them takes, on which no application can rely, and which
 * graphql-js itself changes from one release to the next. So:
 *
 * - without promises the two lists must be equal;
 * - with promises, each position that an error makes null in the data must have exactly one error in the list, one that can reach
 *   it; errors below a position that is null may be listed or not; and the rule about one error per position holds.
 */
export function compareErrors(compared: Compared): string[] {
  const { actual, expected, prepared } = compared;
  const text = new ErrorText(prepared.document);
  const actualTexts = textsOf(text, actual);
  const expectedTexts = textsOf(text, expected);
  if (!prepared.scenario.behaviour.isAsync || expected.result?.data === undefined) {
    return differ("errors", lines(actualTexts), lines(expectedTexts))?.split("\0") ?? [];
  }
  const known = [expected, compared.unpropagated].filter((one) => one !== undefined);
  const possible = new Set(known.flatMap((one) => textsOf(text, one)));
  const paths = known.flatMap(errorsOf).map(({ path }) => path ?? []);
  const unknown = actualTexts.filter(
    (error, index) => !possible.has(error) && !isWithinFailure(errorsOf(actual)[index]?.path ?? [], paths),
  );
  if (unknown.length > 0) {
    return [`errors that cannot be:\n  ${lines(unknown)}\n  possible are ${lines([...possible])}`];
  }
  return comparePositions(compared);
}

function comparePositions(compared: Compared): string[] {
  const { actual, expected, unpropagated } = compared;
  const calls = [expected, unpropagated].flatMap((one) => one?.app.recorder.calls ?? []);
  const positions = new NullPropagation(calls, isPropagated(compared));
  const nulled = errorsOf(actual).map(({ path }) => positions.nulledBy(path ?? []));
  const expectedNulled = errorsOf(expected).map(({ path }) => positions.nulledBy(path ?? []));
  // An argument that cannot be coerced keeps its field from being resolved, and with it from being known.
  if (nulled.includes(undefined) || expectedNulled.includes(undefined)) return [];
  const known = nulled.filter((position) => position !== undefined);
  const doubled = known.filter((position, index) => known.slice(0, index).some((before) => isWithin(position, before)));
  const data = expected.result?.data;
  const differences = doubled.map(
    (position) => `errors: a second one for the position ${pathText(position)}, null already`,
  );
  const visible = (all: readonly (PathKeys | undefined)[]): string =>
    all
      .flatMap((position) => (position && isVisible(data, position) ? [pathText(position)] : []))
      .sort()
      .join(" ");
  const difference = differ("positions with errors", visible(nulled), visible(expectedNulled));
  return difference === undefined ? differences : [...differences, difference];
}

const isVisible = (data: unknown, position: PathKeys): boolean =>
  position.length === 0 || (isReached(data, position) && at(data, position) === null);

const isWithin = (position: PathKeys, outer: PathKeys): boolean => outer.every((key, index) => position[index] === key);

/**
 * A list whose items end with an error may have had items that failed before, or after; no other execution need have met
 * them.
 */
const isWithinFailure = (path: PathKeys, failures: readonly PathKeys[]): boolean =>
  failures.some((failure) => failure.length < path.length && isWithin(path, failure));

const errorsOf = ({ result }: Observation): readonly GraphQLError[] => result?.errors ?? [];

const textsOf = (text: ErrorText, observation: Observation): string[] =>
  errorsOf(observation).map((error) => text.of(error, observation.app.nameOf));

const lines = (all: readonly string[]): string => (all.length === 0 ? "none" : all.join("\n  "));
