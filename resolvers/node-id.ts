import { badUserInput } from "tributary-graphql";
import type { CityId } from "../datasources/city.ts";

/** The type and key that a global id encodes. */
export type NodeId =
  | { readonly type: "Country"; readonly key: string }
  | { readonly type: "City"; readonly key: CityId }
  | { readonly type: "Airport"; readonly key: string };

export const nodeId = ({ type, key }: NodeId): string => Buffer.from(`${type}:${key}`).toString("base64url");

/**
 * Decodes an id of `nodeId`. The object itself may no longer exist.
 * @throws DomainError `BAD_USER_INPUT` for any other string
 */
export function parseNodeId(id: string): NodeId {
  const [type = "", key = ""] = Buffer.from(id, "base64url").toString().split(":");
  const parsed = parseKey(type, key);
  // Several base64 strings decode to the same text; only one is accepted, because clients compare and cache by id.
  if (parsed === null || nodeId(parsed) !== id) {
    throw badUserInput(`id: expected an id that this API returned, got ${JSON.stringify(id.slice(0, 80))}.`);
  }
  return parsed;
}

/** @throws DomainError `BAD_USER_INPUT` for an invalid id, and for the id of another type */
export function parseCityId(id: string): CityId {
  const parsed = parseNodeId(id);
  if (parsed.type !== "City") throw badUserInput(`id: expected the id of a City, got the id of a ${parsed.type}.`);
  return parsed.key;
}

/** The column is a 32-bit integer. */
const maxCityId = 2 ** 31 - 1;

function parseKey(type: string, key: string): NodeId | null {
  switch (type) {
    case "Country":
      return /^[A-Z]{2}$/.test(key) ? { type, key } : null;
    case "Airport":
      return /^[A-Z0-9]{3}$/.test(key) ? { type, key } : null;
    case "City":
      return /^[1-9]\d{0,9}$/.test(key) && Number(key) <= maxCityId ? { type, key: Number(key) as CityId } : null;
    default:
      return null;
  }
}
