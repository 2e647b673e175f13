export type Direction = "asc" | "desc";

/**
 * The type of a column in an order.
 * - `integer`: at most 64 bits
 * - `double`: a float of 64 or 32 bits
 * - `decimal`: an exact decimal number
 * - `text`: ordered by its collation. Ordered by code point, the same on every database, with the collation `"C"` on
 *   PostgreSQL, `utf8mb4_bin` or `utf8mb4_nopad_bin` on MySQL and MariaDB, and `BINARY`, the default, on SQLite
 * - `timestamp`, `date`: on SQLite texts, ordered as texts; on MySQL and MariaDB without zero dates
 * - `boolean`: on SQLite, MySQL and MariaDB 0 and 1
 */
export type OrderType = "integer" | "double" | "decimal" | "text" | "timestamp" | "date" | "boolean";

/**
 * One column of an order.
 *
 * An index over the columns of the order, in their directions or all reversed, serves forward and backward pages. For pages
 * per parent, the index starts with the parent's columns. A nullable first column needs no special index for either setting
 * of `nulls`: NULLs and other values are read as two ranges. For a later nullable column the index only serves the
 * database's default (PostgreSQL: NULLs last in `asc`, first in `desc`; the others: first in `asc`, last in `desc`). With
 * the other setting, the rows that are equal in the previous columns are sorted; on MySQL and MariaDB all rows.
 */
export interface OrderColumn<Column extends string = string> {
  readonly column: Column;
  readonly direction: Direction;
  /** How a value is encoded in a cursor and compared. Default: unchanged, which is correct for integers and texts. */
  readonly type?: OrderType;
  /** Whether NULLs come first or last; only for a nullable column. */
  readonly nulls?: "first" | "last";
}

export type Order<Column extends string = string> = readonly [OrderColumn<Column>, ...OrderColumn<Column>[]];

/**
 * An order of these rows, checked by the compiler: `type` must match the column, and `nulls` is required for a nullable
 * column and forbidden for others. The last column must be unique, so that there are no ties.
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
 * A row's values of the columns of an order. A number beyond the precision of a double is a string of digits; times are in
 * the database's format.
 */
export type OrderValues = readonly (string | number | boolean | null)[];
