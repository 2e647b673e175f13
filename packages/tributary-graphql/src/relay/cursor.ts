import { createHash } from "node:crypto";
import { badUserInput } from "../core/domain-error.ts";
import type { Order, OrderValues } from "./order.ts";
import { fitsOrder } from "./order-values.ts";

/** The identity of a list and the order of its cursors. */
export interface CursorList {
  /** Identifies the list with its filter and its order. Lists that differ in any of them must differ here. */
  readonly madeFor: string;
  /** The columns of the list's order. A cursor contains their values. */
  readonly orderBy: Order;
}

/**
 * Encodes an opaque cursor: the order values of a row, with a checksum over them and `madeFor`, so that a cursor of another
 * list is detected. The checksum prevents mistakes; it is not a signature.
 */
export function encodeCursor(madeFor: string, values: OrderValues): string {
  const json = JSON.stringify(values);
  return Buffer.from(`${checksum(madeFor, json)}${json}`).toString("base64url");
}

/**
 * Decodes the order values of a cursor that `encodeCursor` created for the same list.
 * @param argument the name of the argument, for the error message
 * @throws DomainError `BAD_USER_INPUT` for any other text
 */
export function decodeCursor(list: CursorList, argument: string, cursor: string): OrderValues {
  const text = Buffer.from(cursor, "base64url").toString();
  const json = text.slice(checksumLength);
  const values = text.slice(0, checksumLength) === checksum(list.madeFor, json) ? parseJson(json) : undefined;
  // A cursor can be forged, so its content is validated like any input.
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

const checksumLength = 10;

const checksum = (madeFor: string, json: string): string =>
  createHash("sha256").update(madeFor).update("\0").update(json).digest("base64url").slice(0, checksumLength);

const quoted = (text: string): string => JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
