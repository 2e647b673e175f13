import { compareCalls } from "./compare-calls.ts";
import { compareErrors } from "./compare-errors.ts";
import { type Compared, differ } from "./compared.ts";
import { ErrorText } from "./error-text.ts";
import type { Observation, PreparedScenario } from "./observe.ts";
import { valueText } from "./value-text.ts";

/** The differences as text. Empty if the two executions differ at most as two of graphql-js may. */
export function compare(compared: Compared): string[] {
  const { actual, expected, prepared } = compared;
  const differences = [
    differ("answers with a promise", actual.isPromise, expected.isPromise),
    differ("throws", failureText(actual, prepared), failureText(expected, prepared)),
    differ("has the keys", keysOf(actual), keysOf(expected)),
    differ("data", valueText(actual.result?.data), valueText(expected.result?.data)),
  ].filter((difference) => difference !== undefined);
  // Everything after that differs too.
  if (differences.length > 0) return differences;
  return [...compareErrors(compared), ...compareCalls(compared), ...compareUnhandledRejections(compared)];
}

const keysOf = ({ result }: Observation): string => Object.keys(result ?? {}).join(", ");

const failureText = ({ failure, app }: Observation, { document }: PreparedScenario): string | undefined =>
  failure && new ErrorText(document).of(failure.error, app.nameOf);

/**
 * graphql-js itself leaves some rejections unhandled: those of properties that are not selected, and in a list within a list after
 * an error has ended the outer one.
 */
function compareUnhandledRejections({ actual, expected, hasSameTiming }: Compared): string[] {
  if (!hasSameTiming) return [];
  const known = new Set(expected.unhandled.map((reason) => valueText(reason, expected.app.nameOf)));
  return actual.unhandled
    .map((reason) => valueText(reason, actual.app.nameOf))
    .filter((text) => !known.has(text))
    .map((text) => `an unhandled rejection: ${text}`);
}
