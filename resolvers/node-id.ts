import { badUserInput } from "tributary-graphql";
import type { CityId } from "../datasources/city.ts";

/** The object that a global id names. */
export type NodeId =
  | { readonly type: "Country"; readonly key: string }
  | { readonly type: "City"; readonly key: CityId }
  | { readonly type: "Airport"; readonly key: string };

export const nodeId = ({ type, key }: NodeId): string => Buffer.from(`${type}:${key}`).toString("base64url");

/**
 * The object that an id of `nodeId` names, which may no longer exist.
 * @throws DomainError `BAD_USER_INPUT` for any other text
 */
export function parseNodeId(id: string): NodeId {
  const [type = "", key = ""] = Buffer.from(id, "base64url").toString().split(":");
  const parsed = parseKey(type, key);
  // Base64 has several spellings of one text; an id has one, so that clients can compare and cache by it.
  if (parsed === null || nodeId(parsed) !== id) {
    throw badUserInput(`id: expected an id that this graph gave out, got ${JSON.stringify(id.slice(0, 80))}.`);
  }
  return parsed;
}

/** @throws DomainError `BAD_USER_INPUT` for a forged id, and for the id of something else */
export function parseCityId(id: string): CityId {
  const parsed = parseNodeId(id);
  if (parsed.type !== "City") throw badUserInput(`id: expected the id of a City, got that of a ${parsed.type}.`);
  return parsed.key;
}

/** Databases keep city ids in 32 bits. */
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
