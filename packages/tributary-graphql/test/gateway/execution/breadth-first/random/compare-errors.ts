import type { GraphQLError } from "graphql";
import { ErrorWords } from "./answer-words.ts";
import { type Compared, differ, isPropagated } from "./compared.ts";
import type { Observation } from "./observe.ts";
import { at, isReached, type PathKeys, Places, pathText } from "./places.ts";

/**
 * What graphql-js promises about errors, as read in its `Executor` (17.1.0):
 *
 * - An error belongs to a *place*: the nearest position at or above its path whose type may be null, or the whole data.
 *   When it arrives there, it is put at the end of the list and the place is null, unless that place or one above it is
 *   null by an error already: then it is dropped. So no two errors have the same place, and none has a place within that
 *   of an error before it in the list.
 * - An error within a place that another error makes null later stays in the list. Whether one is found before or after
 *   the other decides if it is in the list at all.
 * - Which of several errors reaches a place is decided by which is found first, as is the order of the list.
 * - A field that throws ends the selection set that it is in, when its type is not null: the fields after it are not
 *   resolved. Those before it, and whatever else is under way, go on; what they come to is dropped, and once the answer
 *   is complete nothing further is called.
 *
 * "Found first" is certain when nothing waits for a promise: fields in the order of the operation, each with all that is
 * within it, list items one by one. With promises it depends on how many turns each of them takes, which no application
 * can rely on, and which graphql-js itself changes from one release to the next. So:
 *
 * - without promises the two lists must be equal;
 * - with promises, each place that is null by an error in the data must have exactly one error in the list, one that can
 *   reach that place; errors within a place that is null may be there or not; and the rule about places holds.
 */
export function compareErrors(compared: Compared): string[] {
  const { actual, expected, stage } = compared;
  const words = new ErrorWords(stage.document);
  const actualWords = wordsOf(words, actual);
  const expectedWords = wordsOf(words, expected);
  if (!stage.situation.behaviour.isAsync || expected.result?.data === undefined) {
    return differ("errors", lines(actualWords), lines(expectedWords))?.split("\0") ?? [];
  }
  const known = [expected, compared.unpropagated].filter((one) => one !== undefined);
  const possible = new Set(known.flatMap((one) => wordsOf(words, one)));
  const paths = known.flatMap(errorsOf).map(({ path }) => path ?? []);
  const unknown = actualWords.filter(
    (error, index) => !possible.has(error) && !isWithinFailure(errorsOf(actual)[index]?.path ?? [], paths),
  );
  if (unknown.length > 0) {
    return [`errors that cannot be:\n  ${lines(unknown)}\n  possible are ${lines([...possible])}`];
  }
  return comparePlaces(compared);
}

function comparePlaces(compared: Compared): string[] {
  const { actual, expected, unpropagated } = compared;
  const calls = [expected, unpropagated].flatMap((one) => one?.world.recorder.calls ?? []);
  const places = new Places(calls, isPropagated(compared));
  const nulled = errorsOf(actual).map(({ path }) => places.nulledBy(path ?? []));
  const expectedNulled = errorsOf(expected).map(({ path }) => places.nulledBy(path ?? []));
  // An argument that cannot be coerced keeps its field from being resolved, and with it from being known.
  if (nulled.includes(undefined) || expectedNulled.includes(undefined)) return [];
  const known = nulled.filter((place) => place !== undefined);
  const doubled = known.filter((place, index) => known.slice(0, index).some((before) => isWithin(place, before)));
  const data = expected.result?.data;
  const differences = doubled.map((place) => `errors: a second one for the place ${pathText(place)}, null already`);
  const visible = (all: readonly (PathKeys | undefined)[]): string =>
    all
      .flatMap((place) => (place && isVisible(data, place) ? [pathText(place)] : []))
      .sort()
      .join(" ");
  const difference = differ("places with errors", visible(nulled), visible(expectedNulled));
  return difference === undefined ? differences : [...differences, difference];
}

const isVisible = (data: unknown, place: PathKeys): boolean =>
  place.length === 0 || (isReached(data, place) && at(data, place) === null);

const isWithin = (place: PathKeys, outer: PathKeys): boolean => outer.every((key, index) => place[index] === key);

/**
 * A list whose items end with an error may have had items that failed before, or after; no other execution need have met
 * them.
 */
const isWithinFailure = (path: PathKeys, failures: readonly PathKeys[]): boolean =>
  failures.some((failure) => failure.length < path.length && isWithin(path, failure));

const errorsOf = ({ result }: Observation): readonly GraphQLError[] => result?.errors ?? [];

const wordsOf = (words: ErrorWords, observation: Observation): string[] =>
  errorsOf(observation).map((error) => words.of(error, observation.world.nameOf));

const lines = (all: readonly string[]): string => (all.length === 0 ? "none" : all.join("\n  "));
