import type { GraphQLRequest } from "../request/graphql-request.ts";

/** The headers of an answer that caches may keep for everybody. */
export type CacheHeaders = Readonly<Record<string, string>>;

/**
 * Caches keep an answer for each combination of the declared headers. Undefined for a request with credentials, or for its
 * calls or its cost: its answer is its own.
 */
export function cacheHeaders(maxAgeSeconds: number, request: GraphQLRequest): CacheHeaders | undefined {
  const { client, declared, showsCalls, showsCost } = request;
  const names = declared.comparedByCaches;
  if (names === undefined || showsCalls || showsCost) return undefined;
  if (client.headers.has("authorization") || client.headers.has("cookie")) return undefined;
  return {
    "cache-control": `public, max-age=${maxAgeSeconds}`,
    ...(names.length > 0 && { vary: names.join(", ") }),
  };
}
