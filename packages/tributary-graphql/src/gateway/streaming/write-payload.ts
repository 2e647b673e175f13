import { GraphQLError } from "graphql";
import type { GraphQLRequest } from "../request/graphql-request.ts";
import { toClientError } from "../security/client-errors.ts";
import type { Payload } from "./payload.ts";
import { WritableValues } from "./writable-values.ts";

/** A published payload as JSON. A value that JSON cannot be made of fails its field. */
export function writePayload(payload: Payload, request: GraphQLRequest): string {
  try {
    return JSON.stringify(payload);
  } catch {
    return JSON.stringify(withoutUnwritable(payload, request));
  }
}

/** The payload, if JSON can be made of it; otherwise without the values that it cannot be made of. */
export function writable(payload: Payload, request: GraphQLRequest): Payload {
  return isWritable(payload) ? payload : withoutUnwritable(payload, request);
}

/** Most data is of specified scalars, but that is not seen without a look at each value. */
export function isWritable(value: unknown): boolean {
  try {
    JSON.stringify(value);
    return true;
  } catch {
    return false;
  }
}

function withoutUnwritable(payload: Payload, request: GraphQLRequest): Payload {
  const { operation } = request;
  if (operation) {
    const { data, errors } = new WritableValues(operation).ofObject(payload.data);
    const found = errors.map((error) => toClientError(error, request));
    const written = { ...payload, data: data ?? null, errors: [...(payload.errors ?? []), ...found] };
    if (isWritable(written)) return written;
  }
  return {
    data: null,
    errors: [tooLarge(request)],
    ...(payload.hasNext !== undefined && { hasNext: payload.hasNext }),
  };
}

/** A string has at most some 500 million characters. */
function tooLarge(request: GraphQLRequest): GraphQLError {
  const originalError = new RangeError("The response cannot be written as JSON.");
  return toClientError(new GraphQLError(originalError.message, { originalError }), request);
}
