/** The third parameter of a reviver. TypeScript's library does not declare it yet. */
interface Source {
  /** The JSON source text of a number, string, boolean or null. */
  readonly source?: string;
}

/** Matches numbers that a double may not represent: many digits, or a long exponent. May match strings, too. */
const maybeInexact = /\d[\d.]{15}|\d[eE][+-]?\d{3}/;

/**
 * Parses JSON without loss. A number that a JavaScript number cannot represent becomes a string of its digits, as in a
 * column: an integer beyond 2^53 - 1, or more decimal places than a double has.
 *
 * @throws SyntaxError for text that is not JSON
 * @example parseExactJson('{"id": 9007199254740993}') // { id: "9007199254740993" }
 */
export const parseExactJson = (text: string): unknown =>
  maybeInexact.test(text)
    ? JSON.parse(text, (_key: string, value: unknown, context?: Source) => exactNumber(value, context?.source))
    : JSON.parse(text);

function exactNumber(value: unknown, source: string | undefined): unknown {
  if (typeof value !== "number" || source === undefined) return value;
  const isExact = /^-?\d+$/.test(source)
    ? Number.isSafeInteger(value)
    : plainDecimal(source) === plainDecimal(`${value}`);
  return isExact ? value : source;
}

/** Canonical form of a decimal number: significant digits and an exponent. */
function plainDecimal(text: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (match === null) return text;
  const [, sign, whole = "", fraction = "", exponent = "0"] = match;
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  const significant = digits.replace(/0+$/, "");
  if (significant === "") return "0";
  return `${sign}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}
