import { createHash } from "node:crypto";
import { clientNetwork } from "../http/client-network.ts";
import { type GraphQLRequest, scopeOf } from "../request/graphql-request.ts";
import type { RateLimitOptions } from "./rate-limit-options.ts";

/** Characters of an identity that is a key as it is. A longer one is hashed, so that it cannot fill the memory. */
const maxPlainCharacters = 100;

/** Requests whose address is not known, such as those of `gateway.fetch`, share one bucket. */
const unknownAddress = "unknown";

/** The key of the bucket of a request's client: its identity, otherwise its network. */
export function clientKeyOf(request: GraphQLRequest, options: RateLimitOptions): string {
  const identity = options.identify?.(scopeOf(request));
  if (identity !== undefined) return `identity:${identity.length > maxPlainCharacters ? hashOf(identity) : identity}`;
  const { clientAddress } = request;
  return `address:${clientAddress === undefined ? unknownAddress : clientNetwork(clientAddress)}`;
}

const hashOf = (identity: string): string => `sha256-${createHash("sha256").update(identity).digest("base64url")}`;
