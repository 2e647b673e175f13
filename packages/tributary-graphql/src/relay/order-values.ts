import { isTime } from "./calendar.ts";
import type { OrderColumn, OrderType, OrderValues } from "./order.ts";

/**
 * Whether these can be the values of a place in this order: whoever reads this file can make a cursor of what they like.
 * Texts with a NUL, which PostgreSQL cannot hold, and with half of a surrogate pair, which no database can, are none.
 */
export function fitsOrder(order: readonly OrderColumn[], values: unknown): values is OrderValues {
  return (
    Array.isArray(values) &&
    values.length === order.length &&
    order.every((column, index) => fitsColumn(column, values[index]))
  );
}

/** Whether this can be the value of a column of an order. */
export function fitsColumn({ type = "text", nulls }: OrderColumn, value: unknown): boolean {
  return value === null ? nulls !== undefined : shapes[type](value);
}

/** Whether a value has the shape that a column of this type is written in. */
export const shapes: Readonly<Record<OrderType, (value: unknown) => boolean>> = {
  integer: (value) => Number.isSafeInteger(value) || (typeof value === "string" && isLongInteger(value)),
  double: (value) => Number.isFinite(value) || (typeof value === "string" && notFinite.test(value)),
  decimal: (value) => typeof value === "string" && (decimalDigits.test(value) || notFinite.test(value)),
  text: (value) => typeof value === "string" && !value.includes("\0") && value.isWellFormed(),
  timestamp: (value) => typeof value === "string" && isTime(value, "timestamp"),
  date: (value) => typeof value === "string" && isTime(value, "date"),
  boolean: (value) => typeof value === "boolean",
};

const notFinite = /^(?:NaN|-?Infinity)$/;
const decimalDigits = /^-?\d{1,1000}(?:\.\d{1,1000})?(?:e[+-]?\d{1,3})?$/i;

/** Digits that a number would not hold: of 64 bits, signed or not. */
function isLongInteger(digits: string): boolean {
  if (!/^-?[1-9]\d{15,19}$/.test(digits) || Number.isSafeInteger(Number(digits))) return false;
  const value = BigInt(digits);
  return value >= -(2n ** 63n) && value < 2n ** 64n;
}
