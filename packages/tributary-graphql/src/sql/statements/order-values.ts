import { type RawBuilder, sql } from "kysely";
import type { OrderType, OrderValues } from "../../relay/order.ts";
import { fitsColumn, validators } from "../../relay/order-values.ts";
import type { DatabaseKind } from "../database.ts";
import { isOrderedByNumber, type SqlOrderColumn } from "./order.ts";

type OrderValue = OrderValues[number];

/**
 * The expression that reads the exact value of a column, if a row's value is less exact: a `Date` has only milliseconds.
 * Undefined if the column itself is exact.
 */
export function exactColumn(
  kind: DatabaseKind,
  table: string,
  { column, type, stored }: SqlOrderColumn,
): RawBuilder<unknown> | undefined {
  const reference = sql.ref(`${table}.${column}`);
  // MariaDB prints a float of 32 bits with six digits.
  if (stored?.type === "float") return sql`cast(${reference} as double)`;
  if (type !== "timestamp" && type !== "date") return undefined;
  switch (kind) {
    case "postgres":
      // ISO 8601 whatever the session's DateStyle is.
      return sql`to_json(${reference}) #>> '{}'`;
    case "mysql":
      return sql`cast(${reference} as char)`;
    case "sqlite":
      return undefined;
    default:
      return kind satisfies never;
  }
}

/** The extra select expression for a column of the order: its exact value, or the number of its label. */
export const extraColumn = (
  kind: DatabaseKind,
  table: string,
  column: SqlOrderColumn,
): RawBuilder<unknown> | undefined =>
  isOrderedByNumber(column) ? sql`${sql.ref(`${table}.${column.column}`)} + 0` : exactColumn(kind, table, column);

/**
 * Converts a value of a row to an order value.
 * @throws TypeError when the value does not match the column's `type` or `nulls` in the order
 */
export function toOrderValue(column: SqlOrderColumn, value: unknown): OrderValue {
  const converted = value === null ? null : convert(column.type, value);
  if (converted === null ? column.nulls !== undefined : converted !== undefined) return converted ?? null;
  const expected = `${column.type ?? "number or string"}${column.nulls === undefined ? "" : " or NULL"}`;
  throw new TypeError(`Expected the order column ${column.column} to be of type ${expected}, got ${describe(value)}.`);
}

function convert(type: OrderType | undefined, value: unknown): Exclude<OrderValue, null> | undefined {
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") return undefined;
  switch (type) {
    case undefined:
      return value;
    case "boolean":
      return Boolean(value);
    case "double":
      return Number.isFinite(value) ? value : String(value);
    case "integer":
      return fitsColumn({ column: "", direction: "asc", type }, value) ? value : undefined;
    case "text":
      return String(value);
    case "decimal":
    case "timestamp":
    case "date": {
      const text = String(value);
      return validators[type](text) ? text : undefined;
    }
    default:
      return type satisfies never;
  }
}

const describe = (value: unknown): string => (value === undefined ? "no such column" : JSON.stringify(value));

/**
 * An order value as a parameter. It is cast where the database would otherwise compare as floats, like MariaDB a text with
 * a 64-bit integer or a decimal. PostgreSQL infers the column's type for a parameter.
 */
export function orderParameter(kind: DatabaseKind, { type }: SqlOrderColumn, value: OrderValue): RawBuilder<unknown> {
  if (type === undefined || type === "text") return sql`${value}`;
  if (kind === "postgres") return postgresParameter(type, value);
  switch (type) {
    case "integer":
      return sql`${typeof value === "string" ? longInteger(kind, value) : value}`;
    case "double":
      return sql`${kind === "mysql" ? finite(Number(value)) : Number(value)}`;
    case "boolean":
      return sql`${Number(value)}`;
    case "decimal":
      return kind === "sqlite" ? sql`cast(${value} as numeric)` : sql`cast(${value} as ${mysqlDecimal(String(value))})`;
    case "timestamp":
      return kind === "sqlite" ? sql`${value}` : sql`cast(${value} as datetime(6))`;
    case "date":
      return kind === "sqlite" ? sql`${value}` : sql`cast(${value} as date)`;
    default:
      return type satisfies never;
  }
}

/** MySQL has no NaN and no infinity. */
const finite = (value: number): number | null =>
  Number.isNaN(value) ? null : Math.min(Math.max(value, -Number.MAX_VALUE), Number.MAX_VALUE);

/** SQLite has signed 64-bit integers. It compares a larger number as a float, which is exact. */
const longInteger = (kind: DatabaseKind, digits: string): bigint | number => {
  const value = BigInt(digits);
  return kind === "sqlite" && value >= 2n ** 63n ? Number(value) : value;
};

/** An integer beyond the column's range must not fail: it may come from a forged cursor. */
function postgresParameter(type: OrderType, value: OrderValue): RawBuilder<unknown> {
  if (type === "decimal") return sql`${value}::numeric`;
  if (type !== "integer") return sql`${value}`;
  return BigInt(String(value)) < 2n ** 63n ? sql`${value}::bigint` : sql`${value}::numeric`;
}

/** With the decimal places of the value, which leaves the most digits before the point. */
function mysqlDecimal(digits: string): RawBuilder<unknown> {
  const places = digits.split(".")[1]?.length ?? 0;
  return sql.raw(`decimal(65, ${Math.min(places, 30)})`);
}
