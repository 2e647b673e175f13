import { parseAccept, rangeFor } from "../http/media-ranges.ts";

const eventStream = { type: "text/event-stream", parameters: { charset: "utf-8" } } as const;

/**
 * Whether a client with this Accept header takes an event stream, the only format of a subscription over HTTP. A `*`
 * + `/*` counts only where no JSON type is named: many HTTP clients send both, and wait for one JSON answer.
 */
export function takesEvents(accept: string | null): boolean {
  const ranges = parseAccept(accept);
  const range = rangeFor(ranges, eventStream);
  if (range === undefined || range.quality === 0) return false;
  return range.type !== "*/*" || !ranges.some(({ type }) => type.startsWith("application/"));
}
