export type Direction = "asc" | "desc";

/**
 * The kind of values in a column of an order.
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
