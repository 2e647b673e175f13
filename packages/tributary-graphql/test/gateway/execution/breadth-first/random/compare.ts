import { ErrorWords } from "./answer-words.ts";
import { compareCalls } from "./compare-calls.ts";
import { compareErrors } from "./compare-errors.ts";
import { type Compared, differ } from "./compared.ts";
import type { Observation, Stage } from "./observe.ts";
import { valueWords } from "./value-words.ts";

/** What is different, in words; nothing if the two executions are alike as far as graphql-js itself always is. */
export function compare(compared: Compared): string[] {
  const { actual, expected, stage } = compared;
  const differences = [
    differ("answers with a promise", actual.isPromise, expected.isPromise),
    differ("throws", failureWords(actual, stage), failureWords(expected, stage)),
    differ("has the keys", keysOf(actual), keysOf(expected)),
    differ("data", valueWords(actual.result?.data), valueWords(expected.result?.data)),
  ].filter((difference) => difference !== undefined);
  // Whatever comes after is bound to differ too.
  if (differences.length > 0) return differences;
  return [...compareErrors(compared), ...compareCalls(compared), ...compareUnheard(compared)];
}

const keysOf = ({ result }: Observation): string => Object.keys(result ?? {}).join(", ");

const failureWords = ({ failure, world }: Observation, { document }: Stage): string | undefined =>
  failure && new ErrorWords(document).of(failure.error, world.nameOf);

/**
 * graphql-js itself leaves rejections unheard: those of properties that are not selected, and in a list within a list after
 * an error has ended the outer one.
 */
function compareUnheard({ actual, expected, hasSameTiming }: Compared): string[] {
  if (!hasSameTiming) return [];
  const known = new Set(expected.unheard.map((reason) => valueWords(reason, expected.world.nameOf)));
  return actual.unheard
    .map((reason) => valueWords(reason, actual.world.nameOf))
    .filter((words) => !known.has(words))
    .map((words) => `a rejection that nobody listens to: ${words}`);
}
