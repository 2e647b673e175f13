import { parametersOf } from "../http/accept.ts";
import { parseAccept, rangeFor } from "../http/media-ranges.ts";

/** By any name that an event stream may have: there is nothing in an event of which the formats would differ. */
const offers = [{}, parametersOf("v0.2"), parametersOf("2022")].map((parameters) => ({
  type: "text/event-stream",
  parameters: { charset: "utf-8", ...parameters },
}));

/**
 * Whether a client with this Accept header takes an event stream, the only format of a subscription over HTTP. A `*`
 * + `/*` counts only where no JSON type is named: many HTTP clients send both, and wait for one JSON answer.
 */
export function takesEvents(accept: string | null): boolean {
  const ranges = parseAccept(accept);
  const namesJson = ranges.some(({ type }) => type.startsWith("application/"));
  return offers.some((offer) => {
    const range = rangeFor(ranges, offer);
    return range !== undefined && range.quality > 0 && !(range.type === "*/*" && namesJson);
  });
}
