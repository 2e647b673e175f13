import type { GraphQLError } from "graphql";
import type { GraphQLRequest } from "../request/graphql-request.ts";
import { toClientError } from "../security/client-errors.ts";
import { createWriter } from "./create-writer.ts";
import type { Payload } from "./payload.ts";
import { WritableParts } from "./writable-parts.ts";

/** A payload as the client gets it: its errors masked, those of deferred parts too, and the call log on the last one. */
export function publish(payload: Payload, request: GraphQLRequest): Payload {
  const published = withoutHttp(maskErrors(payload, request));
  const { showsCalls, showsCost } = request;
  if ((!showsCalls && !showsCost) || payload.hasNext === true) return published;
  const cost = showsCost ? request.cost?.report : undefined;
  if (!showsCalls && cost === undefined) return published;
  const extensions = {
    ...published.extensions,
    ...(showsCalls && { calls: request.calls.entries }),
    ...(cost && { cost }),
  };
  return { ...published, extensions };
}

/** Without `extensions.http`, by which plugins for Yoga set the response's status and headers. */
function withoutHttp(payload: Payload): Payload {
  if (payload.extensions?.http === undefined) return payload;
  const { http: _, ...extensions } = payload.extensions;
  const { extensions: __, ...rest } = payload;
  return Object.keys(extensions).length === 0 ? rest : { ...rest, extensions };
}

/** Errors that were masked before stay as they are. */
export function maskErrors(payload: Payload, request: GraphQLRequest): Payload {
  if (isPublic(payload)) return payload;
  return {
    ...payload,
    ...masked(payload, request),
    ...(payload.incremental && {
      incremental: payload.incremental.map((entry) => ({ ...entry, ...masked(entry, request) })),
    }),
    ...(payload.completed && { completed: payload.completed.map((part) => ({ ...part, ...masked(part, request) })) }),
    ...(payload.cutOff && { cutOff: toClientError(payload.cutOff, request) }),
  };
}

/** Whether there is nothing in it to mask, as in most answers. */
export const isPublic = ({ errors, incremental, completed, cutOff }: Payload): boolean =>
  errors === undefined && incremental === undefined && completed === undefined && cutOff === undefined;

/** The payloads of a stream as JSON, in the format that was negotiated. */
export async function* publishAll(
  payloads: AsyncIterable<Payload>,
  request: GraphQLRequest,
): AsyncGenerator<string, void> {
  const writer = createWriter(request.accepted.incremental);
  const parts = new WritableParts(request);
  for await (const payload of payloads) {
    if (payload.hasNext !== undefined && request.measuresCost) request.cost?.addPayload(payload);
    const written = writer.write(parts.writable(publish(payload, request)));
    if (written === undefined) continue;
    request.report.addPayload(payload);
    yield JSON.stringify(written);
  }
}

const masked = ({ errors }: { readonly errors?: readonly GraphQLError[] }, request: GraphQLRequest) =>
  errors && { errors: errors.map((error) => toClientError(error, request)) };

/** Whether the payload has data for the client: what it gets beside errors makes an answer partial. */
export const hasData = ({ data }: Payload): boolean => data !== null && data !== undefined;
