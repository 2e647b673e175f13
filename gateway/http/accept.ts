export const singleMediaTypes = ["application/json", "application/graphql-response+json"] as const;
/** In order of preference: where a client names both, multipart is what all of them parse. */
export const streamMediaTypes = ["multipart/mixed", "text/event-stream"] as const;

export type SingleMediaType = (typeof singleMediaTypes)[number];
export type StreamMediaType = (typeof streamMediaTypes)[number];

/** What a client parses. At least one of the two is set. */
export interface Accepted {
  /** For an answer in one piece. Unset for a client that named streams only. */
  readonly single?: SingleMediaType;
  /** For an answer in several payloads. Unset for a client that would not understand them. */
  readonly stream?: StreamMediaType;
}

/**
 * Reads an Accept header. Undefined when we can serve nothing that it names, so that the request can be refused before
 * any resolver runs. A wildcard takes a stream only when no JSON type is named beside it: many HTTP clients send
 * `application/json, *` + `/*` and parse JSON only.
 */
export function negotiate(accept: string | null): Accepted | undefined {
  const ranges = parseAccept(accept?.trim() ? accept : "*/*");
  const single = firstNamed(ranges, singleMediaTypes);
  const namesJson = ranges.some(({ type }) => singleMediaTypes.some((mediaType) => mediaType === type));
  const streamRanges = namesJson ? ranges.filter(({ type }) => !type.includes("*")) : ranges;
  const stream = bestOffered(streamRanges, streamMediaTypes);
  return single || stream ? { single, stream } : undefined;
}

interface MediaRange {
  readonly type: string;
  readonly quality: number;
}

function parseAccept(header: string): MediaRange[] {
  return header
    .toLowerCase()
    .split(",")
    .map(parseRange)
    .filter((range) => range !== undefined)
    .filter(({ quality }) => quality > 0)
    .sort((left, right) => right.quality - left.quality);
}

/** One media range. Answers are UTF-8, so a range that demands another charset is none of ours. */
function parseRange(text: string): MediaRange | undefined {
  const [type = "", ...parameters] = text.split(";").map((part) => part.trim());
  const values = new Map(parameters.map((parameter) => splitParameter(parameter)));
  const charset = values.get("charset");
  if (type === "" || (charset !== undefined && charset !== "utf-8")) return undefined;
  const quality = Number(values.get("q") ?? 1);
  return { type, quality: Number.isNaN(quality) ? 1 : quality };
}

function splitParameter(parameter: string): [string, string] {
  const [name = "", value = ""] = parameter.split("=");
  return [name.trim(), value.trim().replaceAll('"', "")];
}

/** The client's own order decides. */
function firstNamed<T extends string>(ranges: readonly MediaRange[], offered: readonly T[]): T | undefined {
  for (const range of ranges) {
    const match = offered.find((mediaType) => covers(range.type, mediaType));
    if (match !== undefined) return match;
  }
  return undefined;
}

/** The client's quality decides, and among equals our order. */
function bestOffered<T extends string>(ranges: readonly MediaRange[], offered: readonly T[]): T | undefined {
  let best: T | undefined;
  let bestQuality = 0;
  for (const mediaType of offered) {
    const quality = ranges.find(({ type }) => covers(type, mediaType))?.quality ?? 0;
    if (quality > bestQuality) [best, bestQuality] = [mediaType, quality];
  }
  return best;
}

const covers = (range: string, mediaType: string): boolean =>
  range === mediaType || range === "*/*" || range === `${mediaType.slice(0, mediaType.indexOf("/"))}/*`;
