import { isTime } from "./calendar.ts";
import type { OrderColumn, OrderType, OrderValues } from "./order.ts";

/**
 * Whether these are valid order values for this order. A cursor can be forged with any values. Texts with a NUL, which
 * PostgreSQL cannot store, or a lone surrogate, which no database can store, are invalid.
 */
export function fitsOrder(order: readonly OrderColumn[], values: unknown): values is OrderValues {
  return (
    Array.isArray(values) &&
    values.length === order.length &&
    order.every((column, index) => fitsColumn(column, values[index]))
  );
}

/** Whether this is a valid value of a column of an order. */
export function fitsColumn({ type = "text", nulls }: OrderColumn, value: unknown): boolean {
  return value === null ? nulls !== undefined : validators[type](value);
}

/** Validates an order value by the type of its column. */
export const validators: Readonly<Record<OrderType, (value: unknown) => boolean>> = {
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

/** The digits of a 64-bit integer, signed or unsigned, beyond the safe integers. */
function isLongInteger(digits: string): boolean {
  if (!/^-?[1-9]\d{15,19}$/.test(digits) || Number.isSafeInteger(Number(digits))) return false;
  const value = BigInt(digits);
  return value >= -(2n ** 63n) && value < 2n ** 64n;
}
