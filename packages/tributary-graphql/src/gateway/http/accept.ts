import { type MediaRange, type Offer, parseAccept, rangeFor } from "./media-ranges.ts";

export type SingleMediaType = "application/json" | "application/graphql-response+json";
export type StreamMediaType = "multipart/mixed" | "text/event-stream";
/** `v0.2` is pending/incremental/completed; `2022` is that of August 2022, incremental with path and label. */
export type IncrementalFormat = "v0.2" | "2022";

/** The formats that a client parses. At least one of `single` and `stream` is set. */
export interface Accepted {
  /** For an answer in one piece. Unset for a client that named streams only. */
  readonly single?: SingleMediaType;
  /** For an answer in several payloads. Unset for a client that would not understand them, or likes them less. */
  readonly stream?: StreamMediaType;
  /** The format of a stream's payloads. */
  readonly incremental: IncrementalFormat;
  /** Whether the client takes the events of a subscription. */
  readonly takesEvents: boolean;
}

/** A client that takes JSON, whatever else it takes. */
export type AcceptedJson = Accepted & { readonly single: SingleMediaType };

/** The media type parameter that names a format, in requests and answers. */
export const formatParameters: Readonly<Record<IncrementalFormat, string>> = {
  "v0.2": "incrementalSpec=v0.2",
  "2022": "deferSpec=20220824",
};

interface SingleOffer extends Offer {
  readonly type: SingleMediaType;
}

interface StreamOffer extends Offer {
  readonly type: StreamMediaType;
  readonly incremental: IncrementalFormat;
}

/** In order of preference among what a client likes equally and names at the same place. */
const singleOffers: readonly SingleOffer[] = [
  { type: "application/json", parameters: { charset: "utf-8" } },
  { type: "application/graphql-response+json", parameters: { charset: "utf-8" } },
];

/**
 * In order of preference among what a client likes equally: a format that it named before the one that clients mean who
 * name none, and multipart, which all of them parse, before events.
 */
const streamOffers: readonly StreamOffer[] = (["v0.2", "2022"] as const).flatMap((incremental) =>
  (["multipart/mixed", "text/event-stream"] as const).map((type) => ({
    type,
    incremental,
    parameters: { charset: "utf-8", ...parametersOf(incremental) },
  })),
);

/** Every media type that `/graphql` answers with, as a client would ask for it. */
export const servedMediaTypes: readonly string[] = [
  ...singleOffers.map(({ type }) => type),
  ...streamOffers.map(({ type, incremental }) => `${type};${formatParameters[incremental]}`),
];

/**
 * Reads an Accept header. Undefined when we can serve nothing that it names, so that the request can be refused before
 * any resolver runs.
 *
 * A stream goes only to a client that names its type, and likes it no less than JSON: many HTTP clients send
 * `*` + `/*`, or nothing, and parse JSON only.
 */
export function negotiate(accept: string | null | undefined): Accepted | undefined {
  const ranges = parseAccept(accept);
  const single = bestSingle(ranges);
  const stream = bestStream(single ? ranges.filter(({ type }) => type !== "*/*") : ranges);
  if (!single && !stream) return undefined;
  const takesStream = stream && stream.quality >= (single?.quality ?? 0);
  return {
    single: single?.offer.type,
    stream: takesStream ? stream.offer.type : undefined,
    incremental: takesStream ? stream.offer.incremental : "2022",
    takesEvents: takesEvents(ranges),
  };
}

interface Choice<T> {
  readonly offer: T;
  readonly quality: number;
}

/** The client's quality decides, then its order, then ours. */
function bestSingle(ranges: readonly MediaRange[]): Choice<SingleOffer> | undefined {
  let best: (Choice<SingleOffer> & { readonly place: number }) | undefined;
  for (const offer of singleOffers) {
    const range = rangeFor(ranges, offer);
    if (!range || range.quality === 0) continue;
    const choice = { offer, quality: range.quality, place: ranges.indexOf(range) };
    if (!best || choice.quality > best.quality || (choice.quality === best.quality && choice.place < best.place))
      best = choice;
  }
  return best;
}

/** The client's quality decides, then our order. The newer format is sent only to clients that name it. */
function bestStream(ranges: readonly MediaRange[]): Choice<StreamOffer> | undefined {
  let best: Choice<StreamOffer> | undefined;
  for (const offer of streamOffers) {
    const range = rangeFor(ranges, offer);
    if (!range || (offer.incremental === "v0.2" && !range.parameters.has("incrementalspec"))) continue;
    if (range.quality > (best?.quality ?? 0)) best = { offer, quality: range.quality };
  }
  return best;
}

/** The parameter of a format, as a range is compared with. */
function parametersOf(incremental: IncrementalFormat): Record<string, string> {
  const [name = "", value = ""] = formatParameters[incremental].toLowerCase().split("=");
  return { [name]: value };
}

/** By any name that an event stream may have: the formats do not differ in an event. */
const eventOffers: readonly Offer[] = [{}, parametersOf("v0.2"), parametersOf("2022")].map((parameters) => ({
  type: "text/event-stream",
  parameters: { charset: "utf-8", ...parameters },
}));

/**
 * Whether the client takes an event stream, the only format of a subscription over HTTP. A `*` + `/*` counts only where no
 * JSON type is named: many HTTP clients send both, and wait for one JSON answer.
 */
function takesEvents(ranges: readonly MediaRange[]): boolean {
  const namesJson = ranges.some(({ type }) => type.startsWith("application/"));
  return eventOffers.some((offer) => {
    const range = rangeFor(ranges, offer);
    return range !== undefined && range.quality > 0 && !(range.type === "*/*" && namesJson);
  });
}
