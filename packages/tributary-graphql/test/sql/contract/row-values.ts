import { type ColumnType, type ItemColumn, itemColumns } from "./item-table.ts";
import type { ModelOrder } from "./model.ts";
import type { ModelRow } from "./scenario.ts";
import type { ModelValue } from "./values.ts";

/** Converts a row to the model's. @throws Error when a value is not of the documented type */
export function rowOf(row: object, columns: readonly ItemColumn[]): ModelRow {
  const values = new Map<string, unknown>(Object.entries(row));
  const unknown = [...values.keys()].filter((name) => !(name in itemColumns));
  if (unknown.length > 0) throw new Error(`Expected columns of the table in a row, got ${unknown.join(", ")} too.`);
  return Object.fromEntries(columns.map((column) => [column, valueFrom(itemColumns[column].type, values.get(column))]));
}

/** The row that the readers must return: a `Date` has only milliseconds. */
export const expectedRow = (row: ModelRow, columns: readonly ItemColumn[]): ModelRow =>
  Object.fromEntries(
    columns.map((column) => {
      const value = row[column] ?? null;
      return [
        column,
        typeof value === "string" && itemColumns[column].type === "timestamp" ? value.slice(0, 23) : value,
      ];
    }),
  );

/** Converts order values to those of the model, with all digits. */
export const orderValuesOf = (order: ModelOrder, values: readonly unknown[]): ModelValue[] =>
  order.map(({ column }, index) => exactFrom(itemColumns[column].type, values[index]));

function valueFrom(type: ColumnType, value: unknown): ModelValue {
  if (value === null) return null;
  switch (type) {
    case "timestamp":
      return (value instanceof Date ? value.toISOString() : exactTime(value)).replace("T", " ").slice(0, 23);
    case "date":
      return expectText(value);
    default:
      return exactFrom(type, value);
  }
}

function exactFrom(type: ColumnType, value: unknown): ModelValue {
  if (value === null) return null;
  switch (type) {
    case "whole":
    case "double":
      return typeof value === "number" ? value : unexpected(type, value);
    case "big":
      return bigFrom(value);
    case "decimal":
      return decimalFrom(value);
    case "timestamp":
      return exactTime(value);
    case "text":
    case "date":
      return expectText(value);
    case "boolean":
      return value === true || value === 1 ? true : value === false || value === 0 ? false : unexpected(type, value);
    default:
      return type satisfies never;
  }
}

/** A number if it is a safe integer, otherwise digits. */
function bigFrom(value: unknown): bigint {
  if (Number.isSafeInteger(value)) return BigInt(Number(value));
  if (typeof value === "string" && !Number.isSafeInteger(Number(value))) return BigInt(value);
  return unexpected("a 64-bit integer", value);
}

function decimalFrom(value: unknown): string {
  if (typeof value === "number") return value.toFixed(4);
  const [whole = "", fraction = ""] = expectText(value).split(".");
  return `${whole}.${fraction.padEnd(4, "0")}`;
}

/** `2024-02-29 12:00:00.000001`, in UTC, whatever the separator and the number of digits. */
function exactTime(value: unknown): string {
  const match = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d+))?(?:Z|\+00(?::00)?)?$/.exec(expectText(value));
  return match === null ? unexpected("a time", value) : `${match[1]} ${match[2]}.${(match[3] ?? "").padEnd(6, "0")}`;
}

const expectText = (value: unknown): string => (typeof value === "string" ? value : unexpected("text", value));

function unexpected(expected: string, value: unknown): never {
  throw new Error(`Expected ${expected}, got ${typeof value} ${String(value)}.`);
}
