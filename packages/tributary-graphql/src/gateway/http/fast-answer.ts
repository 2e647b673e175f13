import type { IncomingMessage, ServerResponse } from "node:http";
import type { SharedAnswer } from "../coalescing/shared-answer.ts";
import type { GraphQLRequest } from "../request/graphql-request.ts";
import { errorFields } from "../telemetry/error-fields.ts";
import type { SingleMediaType } from "./accept.ts";
import type { Connections } from "./connections.ts";
import { type ContentEncoding, encodingOfWhole } from "./content-encoding.ts";
import { accessOrLog, corsHeaders } from "./cors.ts";
import { costHeaderOf } from "./cost-header.ts";
import type { OriginPolicy } from "./origin-policy.ts";
import { contentTypeOf, noHeaders, type WholeAnswer, wholeAnswer } from "./respond.ts";
import { answerHeaders, setAnswerHeaders, uncached } from "./security-headers.ts";
import { writeWhole } from "./send-response.ts";
import { variesBy } from "./vary.ts";

/** Where an answer in one piece goes. */
export interface AnswerTarget {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly origins: OriginPolicy;
  readonly connections: Pick<Connections, "areLeaving">;
}

/** Ends the request and writes its answer: at once, or when it is compressed. Does not throw. */
export function writeAnswer(
  answer: SharedAnswer,
  mediaType: SingleMediaType,
  request: GraphQLRequest,
  target: AnswerTarget,
): void {
  try {
    const whole = wholeAnswer(answer.payload, mediaType, request, answer.written);
    const encoding = encodingOfWhole(whole.body, single(target.incoming.headers["accept-encoding"]));
    if (encoding) void compressAndWrite(answer, whole, encoding, request, target);
    else write(whole, whole.body, undefined, request, target);
  } catch (error) {
    cutOff(error, request, target.outgoing);
  }
}

/** Closes the connection of a request whose answer could not be written, and ends the request. */
export function cutOff(error: unknown, request: GraphQLRequest, outgoing: ServerResponse): void {
  request.log.error(request.withoutSecrets({ err: errorFields(error) }), "a request could not be answered");
  outgoing.destroy();
  request.end(500);
}

/** A header in one piece: node has joined the values that came in several, but for a few headers. */
export const single = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value.join(", ") : value;

async function compressAndWrite(
  answer: SharedAnswer,
  whole: WholeAnswer,
  encoding: ContentEncoding,
  request: GraphQLRequest,
  target: AnswerTarget,
): Promise<void> {
  try {
    write(whole, await answer.compressed(whole.body, encoding), encoding, request, target);
  } catch (error) {
    cutOff(error, request, target.outgoing);
  }
}

function write(
  whole: WholeAnswer,
  body: string | Uint8Array,
  encoding: ContentEncoding | undefined,
  request: GraphQLRequest,
  target: AnswerTarget,
): void {
  if (target.connections.areLeaving) target.outgoing.setHeader("connection", "close");
  writeWhole(target.outgoing, whole.status, headersOf(whole, encoding, request, target), body);
}

/** In alphabetical order, as `Headers` has them on the path through Yoga. */
function headersOf(
  { mediaType, headers }: WholeAnswer,
  encoding: ContentEncoding | undefined,
  request: GraphQLRequest,
  { incoming, origins }: AnswerTarget,
): string[] {
  const hasOrigin = incoming.headers.origin !== undefined;
  const contentType = contentTypeOf(mediaType);
  if (!hasOrigin && encoding === undefined && headers === noHeaders && !request.showsCost) {
    const limit = request.charge?.headers;
    const head = ["cache-control", uncached, "content-type", contentType, ...resourcePolicy];
    if (limit !== undefined) head.push("ratelimit", limit.ratelimit, "ratelimit-policy", limit["ratelimit-policy"]);
    head.push("vary", variesBy, ...nosniff, "x-request-id", request.id);
    return head;
  }
  const all = new Headers({
    ...headers,
    ...request.charge?.headers,
    "content-type": contentType,
    "x-request-id": request.id,
  });
  setAnswerHeaders(all);
  const cost = costHeaderOf(request);
  if (cost !== undefined) all.set("x-tributary-cost", cost);
  if (encoding) all.set("content-encoding", encoding);
  if (hasOrigin) for (const [name, value] of originHeaders(request.client.headers, origins)) all.set(name, value);
  all.append("vary", variesBy);
  return [...all].flat();
}

const resourcePolicy = ["cross-origin-resource-policy", answerHeaders["cross-origin-resource-policy"]] as const;
const nosniff = ["x-content-type-options", answerHeaders["x-content-type-options"]] as const;

const originHeaders = (asked: Headers, origins: OriginPolicy): [string, string][] =>
  Object.entries(corsHeaders(asked, accessOrLog(asked, origins)) ?? {});
