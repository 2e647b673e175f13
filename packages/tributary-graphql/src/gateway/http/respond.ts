import { type GraphQLError, OperationTypeNode } from "graphql";
import type { GraphQLRequest } from "../request/graphql-request.ts";
import { httpHint, httpHintOf, refusal } from "../security/refusal.ts";
import { eventStreamFormat } from "../streaming/event-stream.ts";
import { multipartFormat } from "../streaming/multipart.ts";
import { type Answer, isStream, type Payload, returnAtEnd } from "../streaming/payload.ts";
import { hasData, publish, publishAll } from "../streaming/publish.ts";
import { type StreamFormat, streamBody } from "../streaming/stream-format.ts";
import { writePayload } from "../streaming/write-payload.ts";
import { respondWithEvents } from "../subscriptions/respond-with-events.ts";
import { formatParameters, type SingleMediaType, type StreamMediaType } from "./accept.ts";
import { wholeResponse } from "./json-response.ts";

const streamFormats: Readonly<Record<StreamMediaType, StreamFormat>> = {
  "multipart/mixed": multipartFormat,
  "text/event-stream": eventStreamFormat,
};

/**
 * Publishes an answer in the format that was negotiated. Ends the request: at once, or when the last payload was taken.
 *
 * @param heartbeatMs how often an event stream without events sends a comment
 */
export function respond(answer: Answer, request: GraphQLRequest, heartbeatMs: number): Response {
  const { single, stream } = request.accepted;
  if (isStream(answer)) {
    const payloads = answer[Symbol.asyncIterator]();
    returnAtEnd(payloads, request.lifetime);
    if (request.operation?.operation.operation === OperationTypeNode.SUBSCRIPTION)
      return respondWithEvents(payloads, request, heartbeatMs);
    // Only a plugin answers so: an operation is executed to a stream for those that accept one.
    if (stream === undefined) return respond({ errors: [streamNotAccepted()] }, request, heartbeatMs);
    return respondInPayloads(payloads, stream, { status: 200, headers: {} }, request);
  }
  // A client that named streams only gets a stream of one.
  return single
    ? respondAtOnce(answer, single, request)
    : respondInPayloads(only(answer), stream ?? "multipart/mixed", headOf(answer, true, request), request);
}

/** An answer in one piece, ready to be written. */
export interface WholeAnswer extends Head {
  readonly mediaType: SingleMediaType;
  readonly body: string | Uint8Array<ArrayBuffer>;
}

/**
 * Masks the errors of an answer, writes it as JSON and ends the request.
 *
 * @param written the answer's bytes, where they were written for another request and have nothing of it in them
 */
export function wholeAnswer(
  answer: Payload,
  mediaType: SingleMediaType,
  request: GraphQLRequest,
  written?: Uint8Array<ArrayBuffer>,
): WholeAnswer {
  const { status, headers } = headOf(answer, mediaType === "application/json", request);
  const body = written ?? writePayload(publish(answer, request), request);
  request.report.addPayload(answer);
  request.end(status);
  return { status, headers, mediaType, body };
}

export const contentTypeOf = (mediaType: SingleMediaType): string => `${mediaType}; charset=utf-8`;

function respondAtOnce(answer: Payload, single: SingleMediaType, request: GraphQLRequest): Response {
  const { status, headers, mediaType, body } = wholeAnswer(answer, single, request);
  return wholeResponse(body, { status, headers: { ...headers, "content-type": contentTypeOf(mediaType) } });
}

function respondInPayloads(
  payloads: AsyncIterator<Payload, unknown>,
  mediaType: StreamMediaType,
  { status, headers }: Head,
  request: GraphQLRequest,
): Response {
  const format = streamFormats[mediaType];
  const { lifetime } = request;
  const end = () => request.end(status);
  request.report.startStream();
  // A client that has left does not read on, and so never comes to the end.
  lifetime.executionSignal.addEventListener("abort", () => lifetime.ending === "client-gone" && end(), { once: true });
  const body = streamBody(format, publishAll({ [Symbol.asyncIterator]: () => payloads }, request), {
    onCancel: () => lifetime.leave(),
    onEnd: end,
  });
  const contentType = `${format.contentType}; ${formatParameters[request.accepted.incremental]}`;
  return new Response(body, { status, headers: { ...headers, ...unbuffered, "content-type": contentType } });
}

const streamNotAccepted = (): GraphQLError =>
  refusal("BAD_USER_INPUT", "The answer is a stream, and the Accept header names no media type of streams.", {
    status: 406,
  });

/** Caches and proxies that hold back a response until it is complete would undo the streaming. */
const unbuffered = { "cache-control": "no-cache", "x-accel-buffering": "no" };

async function* only(answer: Payload): AsyncGenerator<Payload, void> {
  yield answer;
}

/** Whether the response has a `Set-Cookie` header. */
export function setsCookie({ extensions, errors }: Payload): boolean {
  if (extensions?.http === undefined && errors === undefined) return false;
  if (httpHint(extensions?.http)?.headers?.["set-cookie"] !== undefined) return true;
  return errors?.some((error) => httpHintOf(error)?.headers?.["set-cookie"] !== undefined) ?? false;
}

export interface Head {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** The headers of most answers. */
export const noHeaders: Head["headers"] = {};
const executed: Head = { status: 200, headers: noHeaders };

/**
 * The response's status and headers. An answer with data is 200, whatever its errors. One without has the status that its
 * errors name, as those of plugins and refusals do, except that GraphQL over HTTP wants 200 for a faulty document in
 * `application/json`; otherwise it is 200 if it was executed, and 500 if it was not. Headers that errors name are set in either
 * case, as Yoga does. `extensions.http` of a result, by which a plugin for Yoga sets status and headers, counts before both.
 * Invalid ones are left out and logged.
 */
export function headOf(payload: Payload, isPlainJson: boolean, request: GraphQLRequest): Head {
  if (payload.hasNext !== undefined) return executed;
  const own = httpHint(payload.extensions?.http);
  if (own === undefined && payload.errors === undefined) {
    const { cacheHeaders } = request;
    return cacheHeaders === undefined ? executed : { status: 200, headers: cacheHeaders };
  }
  const invalid = new Set(own?.invalid);
  let status = 0;
  const headers: Record<string, string> = { ...own?.headers };
  for (const error of payload.errors ?? []) {
    const hint = httpHintOf(error);
    const isLenient = isPlainJson && hint?.isDocumentFault === true;
    status = Math.max(status, isLenient ? 200 : (hint?.status ?? ("data" in payload ? 200 : 500)));
    Object.assign(headers, hint?.headers);
    for (const name of hint?.invalid ?? []) invalid.add(name);
  }
  if (invalid.size > 0) request.log.warn({ invalid: [...invalid].slice(0, 20) }, "extensions.http was ignored in part");
  if (hasData(payload)) status = 200;
  return { status: own?.status ?? (status || 200), headers };
}
