import { type RawBuilder, sql } from "kysely";
import type { MysqlColumn } from "./mysql-columns.ts";
import type { Database } from "./open.ts";

export type Direction = "asc" | "desc";

/**
 * What a column that rows are ordered by holds.
 * - `integer`: 64 bits at most
 * - `double`: a float of 64 bits or of 32
 * - `text`: in the order of its collation; by code point, and so alike on every database, with the collation `"C"` on
 *   PostgreSQL, `utf8mb4_bin` or `utf8mb4_nopad_bin` on MySQL and MariaDB, and SQLite's own `BINARY`
 * - `timestamp`, `date`: on SQLite texts, ordered as such; on MySQL and MariaDB without zero dates
 * - `boolean`: on SQLite, MySQL and MariaDB 0 and 1
 */
export type OrderType = "integer" | "double" | "decimal" | "text" | "timestamp" | "date" | "boolean";

/**
 * One column of an order.
 *
 * An index over the columns of the order, in their directions or in all the opposite ones, serves a page in both
 * directions; for pages of a parent the parent's columns stand first in it. A nullable first column needs nothing special
 * in the index, wherever the NULLs go: NULLs and the rest are read as two ranges. For a nullable column behind the first
 * one the index serves only the place that the database gives NULLs by itself (PostgreSQL: last in `asc`, first in
 * `desc`; the others: first in `asc`, last in `desc`); elsewhere the rows that are equal in the columns before it are
 * sorted, and on MySQL and MariaDB all of them.
 */
export interface OrderColumn<Column extends string = string> {
  readonly column: Column;
  readonly direction: Direction;
  /** How a value of it gets into a cursor and back; without it as it is, which is right for integers and texts. */
  readonly type?: OrderType;
  /** Where the NULLs stand; only for a column that can hold them. */
  readonly nulls?: "first" | "last";
  /** How MySQL and MariaDB store it, where that makes a difference; the readers look it up. */
  readonly stored?: MysqlColumn;
}

export type Order<Column extends string = string> = readonly [OrderColumn<Column>, ...OrderColumn<Column>[]];

/**
 * An order of these rows, as the compiler checks it: `type` fits the column, and `nulls` stands where the column is
 * nullable and nowhere else. The last column is unique, so that no two rows tie.
 */
export type OrderOf<Row> = readonly [OrderColumnOf<Row>, ...OrderColumnOf<Row>[]];

type OrderColumnOf<Row> = {
  [Column in keyof Row & string]: {
    readonly column: Column;
    readonly direction: Direction;
    readonly type: OrderTypeOf<NonNullable<Row[Column]>>;
  } & (null extends Row[Column] ? { readonly nulls: "first" | "last" } : { readonly nulls?: undefined });
}[keyof Row & string];

type OrderTypeOf<Value> = Value extends string
  ? "text" | "integer" | "decimal" | "timestamp" | "date"
  : Value extends number
    ? "integer" | "double" | "decimal" | "boolean"
    : Value extends bigint
      ? "integer"
      : Value extends boolean
        ? "boolean"
        : Value extends Date
          ? "timestamp" | "date"
          : never;

/**
 * A row's values of the order's columns, in the order's order: digits as a string where a number would lose some, and
 * times as the database writes them.
 */
export type OrderValues = readonly (string | number | boolean | null)[];

export const reversed = <Column extends string>(order: Order<Column>): Order<Column> => {
  const [first, ...rest] = order;
  return [turned(first), ...rest.map(turned)];
};

const turned = <Column extends string>(column: OrderColumn<Column>): OrderColumn<Column> => ({
  ...column,
  direction: column.direction === "asc" ? "desc" : "asc",
  ...(column.nulls !== undefined && { nulls: column.nulls === "first" ? "last" : "first" }),
});

/** The order with what is known of the columns of MySQL and MariaDB that are not ordered as they read. */
export function storedOrder(order: Order, columns: ReadonlyMap<string, MysqlColumn>): Order {
  const stored = (column: OrderColumn): OrderColumn => {
    const known = columns.get(column.column);
    return known !== undefined && special.has(known.type) ? { ...column, stored: known } : column;
  };
  const [first, ...rest] = order;
  return columns.size === 0 ? order : [stored(first), ...rest.map(stored)];
}

const special: ReadonlySet<string> = new Set(["enum", "set", "float"]);

/** Whether the database orders it by the number of its label. */
export const isByNumber = ({ stored }: OrderColumn): boolean => stored?.type === "enum" || stored?.type === "set";

/** What is read beside a row for a column of the order is called so. No column of a table is. */
export const extraName = (index: number): string => `order ${index}`;

/** Whether the database puts NULLs there by itself, as a plain index does. */
export function hasNativeNulls(kind: Database<unknown>["kind"], { direction, nulls }: OrderColumn): boolean {
  if (nulls === undefined) return true;
  const native = (kind === "postgres") === (direction === "asc") ? "last" : "first";
  return nulls === native;
}

/**
 * `population desc, id asc`, each column qualified by the table or alias.
 * @param isRead whether `table` is what has been read, with the extras of the order
 * @param isBare columns that hold either only NULLs or none: where NULLs go need not be said, which an index would mind
 */
export function orderBy(
  kind: Database<unknown>["kind"],
  table: string,
  order: Order,
  isBare: (column: OrderColumn) => boolean = () => false,
  isRead = false,
): RawBuilder<unknown> {
  return sql.join(
    order.map((column, index) => {
      // Of labels a union makes texts.
      const name = isRead && isByNumber(column) ? extraName(index) : column.column;
      const reference = isRead && isByNumber(column) ? sql.id(table, name) : sql.ref(`${table}.${name}`);
      const directed = sql`${reference} ${sql.raw(column.direction)}`;
      if (isBare(column) || hasNativeNulls(kind, column)) return directed;
      if (kind !== "mysql") return sql`${directed} nulls ${sql.raw(column.nulls ?? "last")}`;
      return sql`${reference} is null ${sql.raw(column.nulls === "first" ? "desc" : "asc")}, ${directed}`;
    }),
  );
}

/**
 * The order as it was declared, checked: orders may be put together when the program runs.
 * @throws TypeError for what is no order
 */
export function checkedOrder(call: string, order: unknown): Order {
  const [first, ...rest] = Array.isArray(order) ? order.map((column) => checkedColumn(call, column)) : [];
  if (first === undefined) throw new TypeError(`${call}: expected an order of at least one column.`);
  return [first, ...rest];
}

function checkedColumn(call: string, column: unknown): OrderColumn {
  if (isOrderColumn(column)) return column;
  throw new TypeError(
    `${call}: expected a column of an order, { column, direction: "asc" | "desc", type, nulls?: "first" | "last" }, got ${JSON.stringify(column)}.`,
  );
}

const orderTypes: ReadonlySet<unknown> = new Set<OrderType | undefined>([
  "integer",
  "double",
  "decimal",
  "text",
  "timestamp",
  "date",
  "boolean",
  undefined,
]);

function isOrderColumn(value: unknown): value is OrderColumn {
  if (typeof value !== "object" || value === null || !("column" in value) || !("direction" in value)) return false;
  const { column, direction, type, nulls }: Record<string, unknown> = { ...value };
  return (
    typeof column === "string" &&
    (direction === "asc" || direction === "desc") &&
    orderTypes.has(type) &&
    (nulls === undefined || nulls === "first" || nulls === "last")
  );
}
