import { createHash } from "node:crypto";
import { badUserInput } from "../core/domain-error.ts";
import type { Order, OrderValues } from "./order.ts";
import { fitsOrder } from "./order-values.ts";

/** The identity of a list and the order of its cursors. */
export interface CursorList {
  /** Names the list, its filter and its order; two lists that differ in any of them differ here. */
  readonly madeFor: string;
  /** The columns of the list's order, whose values a cursor has. */
  readonly orderBy: Order;
}

/**
 * Makes an opaque cursor: the values that a page is continued from, sealed with what they were made for (the list, its
 * filter and its order), so that a cursor of another list is told apart. The seal finds mistakes; it is no secret.
 */
export function encodeCursor(madeFor: string, values: OrderValues): string {
  const json = JSON.stringify(values);
  return Buffer.from(`${seal(madeFor, json)}${json}`).toString("base64url");
}

/**
 * The values of a cursor that `encodeCursor` made for the same list.
 * @throws DomainError `BAD_USER_INPUT` for any other text
 */
export function decodeCursor(list: CursorList, argument: string, cursor: string): OrderValues {
  const text = Buffer.from(cursor, "base64url").toString();
  const json = text.slice(sealLength);
  const values = text.slice(0, sealLength) === seal(list.madeFor, json) ? parseJson(json) : undefined;
  // A cursor can be forged, so its content is checked like any input.
  if (fitsOrder(list.orderBy, values) && encodeCursor(list.madeFor, values) === cursor) return values;
  throw badUserInput(
    `${argument}: expected a cursor of this list with the same filter and order, got ${quoted(cursor)}.`,
  );
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

const sealLength = 10;

const seal = (madeFor: string, json: string): string =>
  createHash("sha256").update(madeFor).update("\0").update(json).digest("base64url").slice(0, sealLength);

const quoted = (text: string): string => JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
