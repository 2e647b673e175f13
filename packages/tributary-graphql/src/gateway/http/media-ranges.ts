/** One member of an Accept header, as RFC 9110, 12.5.1 reads it. */
export interface MediaRange {
  /** In small letters, `multipart/mixed` or with wildcards. */
  readonly type: string;
  /** In small letters, without quotes, and without `q`. */
  readonly parameters: ReadonlyMap<string, string>;
  /** From 0, which excludes what it covers, to 1. */
  readonly quality: number;
}

/** A media type that can be served, and the parameters by which a range may ask for just this one. */
export interface Offer {
  readonly type: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** No header, and an empty one, accept everything. */
export const parseAccept = (header: string | null | undefined): MediaRange[] =>
  unquotedParts(header?.trim() ? header : "*/*", ",")
    .map(parseRange)
    .filter(({ type }) => type !== "");

/** The most specific of the ranges that cover the offer: its quality is the offer's. */
export function rangeFor(ranges: readonly MediaRange[], offer: Offer): MediaRange | undefined {
  let best: MediaRange | undefined;
  for (const range of ranges) {
    if (covers(range, offer) && (!best || specificity(range) > specificity(best))) best = range;
  }
  return best;
}

function parseRange(text: string): MediaRange {
  const [type = "", ...rest] = unquotedParts(text.toLowerCase(), ";");
  const parameters = new Map(rest.map(splitParameter));
  const quality = Number(parameters.get("q") ?? 1);
  parameters.delete("q");
  return { type, parameters, quality: Number.isNaN(quality) ? 1 : Math.min(Math.max(quality, 0), 1) };
}

/**
 * Splits at a separator, but not within quotes: a boundary may have commas. By hand, since a regular expression looks for
 * the end of each quote anew, and a header of quotes that never end then takes seconds.
 */
function unquotedParts(text: string, separator: "," | ";"): string[] {
  const parts: string[] = [];
  let from = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') isQuoted = !isQuoted;
    else if (isQuoted && character === "\\") at++;
    else if (!isQuoted && character === separator) {
      parts.push(text.slice(from, at).trim());
      from = at + 1;
    }
  }
  parts.push(text.slice(from).trim());
  return parts;
}

function splitParameter(parameter: string): [string, string] {
  const equals = parameter.indexOf("=");
  if (equals < 0) return [parameter, ""];
  return [
    parameter.slice(0, equals).trim(),
    parameter
      .slice(equals + 1)
      .trim()
      .replaceAll('"', ""),
  ];
}

/**
 * Parameters that tell one of our formats from another: a range that has one of them covers only an offer with the same
 * value. Any other (`boundary`, say) is no condition, since clients send some that mean nothing to a server.
 */
const telling: readonly string[] = ["charset", "incrementalspec", "deferspec", "subscriptionspec"];

function covers({ type, parameters }: MediaRange, offer: Offer): boolean {
  const family = offer.type.slice(0, offer.type.indexOf("/"));
  if (type !== offer.type && type !== `${family}/*` && type !== "*/*") return false;
  return telling.every((name) => !parameters.has(name) || parameters.get(name) === offer.parameters[name]);
}

function specificity({ type, parameters }: MediaRange): number {
  if (type === "*/*") return 0;
  if (type.endsWith("/*")) return 1;
  return 2 + telling.filter((name) => parameters.has(name)).length;
}
