import type { GraphQLRequest } from "../request/graphql-request.ts";

/**
 * The header `x-tributary-cost` of an answer to a request that asked for it, as a dictionary of RFC 9651:
 * `estimate=502, actual=130, max=10000`. A stream begins before its actual cost is known. Undefined for other requests.
 */
export function costHeaderOf({ showsCost, cost }: GraphQLRequest): string | undefined {
  if (!showsCost || cost === undefined) return undefined;
  return Object.entries(cost.report)
    .map(([name, value]) => `${name}=${value}`)
    .join(", ");
}
