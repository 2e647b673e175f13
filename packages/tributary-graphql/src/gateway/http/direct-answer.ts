import type { IncomingMessage, ServerResponse } from "node:http";
import type { SharedAnswer } from "../coalescing/shared-answer.ts";
import type { GraphQLRequest } from "../request/graphql-request.ts";
import { errorFields } from "../telemetry/error-fields.ts";
import type { SingleMediaType } from "./accept.ts";
import type { Connections } from "./connections.ts";
import { type ContentEncoding, encodingOfWhole } from "./content-encoding.ts";
import { accessOrLog, corsHeaders } from "./cors.ts";
import type { OriginPolicy } from "./origin-policy.ts";
import { contentTypeOf, type WholeAnswer, wholeAnswer } from "./respond.ts";
import { noHeaders } from "./status.ts";
import { variesBy } from "./vary.ts";
import { writeWhole } from "./write-whole.ts";

/** A request on the direct lane that is to be answered. */
export interface DirectTarget {
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  readonly request: GraphQLRequest;
  readonly mediaType: SingleMediaType;
  readonly connections: Pick<Connections, "areLeaving">;
  readonly options: { readonly origins: OriginPolicy };
}

/** Ends the run and writes its answer: at once, or when it is compressed. Does not throw. */
export function writeDirect(answer: SharedAnswer, target: DirectTarget): void {
  const whole = wholeAnswer(answer.payload, target.mediaType, target.request, answer.written);
  const encoding = encodingOfWhole(whole.body, single(target.incoming.headers["accept-encoding"]));
  if (encoding) void compressAndSend(answer, whole, encoding, target);
  else send(whole, whole.body, undefined, target);
}

/** A header in one piece: node has joined what came in several, except for those that make no sense twice. */
export const single = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value.join(", ") : value;

async function compressAndSend(
  answer: SharedAnswer,
  whole: WholeAnswer,
  encoding: ContentEncoding,
  target: DirectTarget,
): Promise<void> {
  try {
    send(whole, await answer.compressed(whole.body, encoding), encoding, target);
  } catch (error) {
    target.request.log.error({ err: errorFields(error) }, "a request could not be answered");
    target.response.destroy();
  }
}

function send(
  whole: WholeAnswer,
  body: string | Uint8Array,
  encoding: ContentEncoding | undefined,
  target: DirectTarget,
): void {
  if (target.connections.areLeaving) target.response.setHeader("connection", "close");
  writeWhole(target.response, whole.status, headersOf(whole, encoding, target), body);
}

/** In the order of the alphabet, as `Headers` gives them in Yoga's lane. */
function headersOf(
  { mediaType, headers }: WholeAnswer,
  encoding: ContentEncoding | undefined,
  { incoming, request, options }: DirectTarget,
): string[] {
  const hasOrigin = incoming.headers.origin !== undefined;
  const contentType = contentTypeOf(mediaType);
  if (!hasOrigin && encoding === undefined && headers === noHeaders) {
    return ["content-type", contentType, "vary", variesBy, ...nosniff, "x-request-id", request.id];
  }
  const all = new Headers({
    ...headers,
    "content-type": contentType,
    "x-content-type-options": "nosniff",
    "x-request-id": request.id,
  });
  if (encoding) all.set("content-encoding", encoding);
  if (hasOrigin)
    for (const [name, value] of originHeaders(request.client.headers, options.origins)) all.set(name, value);
  all.append("vary", variesBy);
  return [...all].flat();
}

const nosniff = ["x-content-type-options", "nosniff"] as const;

const originHeaders = (asked: Headers, origins: OriginPolicy): [string, string][] =>
  Object.entries(corsHeaders(asked, accessOrLog(asked, origins)) ?? {});
