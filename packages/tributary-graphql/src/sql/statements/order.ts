import { type RawBuilder, sql } from "kysely";
import type { OrderColumn, OrderType } from "../../relay/order.ts";
import type { DatabaseKind } from "../database.ts";
import type { MysqlColumn } from "../dialects/mysql/columns.ts";

/** A column of an order with its type in the database. */
export interface SqlOrderColumn<Column extends string = string> extends OrderColumn<Column> {
  /** The type on MySQL and MariaDB, for `enum`, `set` and `float`. */
  readonly stored?: MysqlColumn;
}

export type SqlOrder<Column extends string = string> = readonly [SqlOrderColumn<Column>, ...SqlOrderColumn<Column>[]];

export const reversed = <Column extends string>(order: SqlOrder<Column>): SqlOrder<Column> => {
  const [first, ...rest] = order;
  return [reversedColumn(first), ...rest.map(reversedColumn)];
};

const reversedColumn = <Column extends string>(column: SqlOrderColumn<Column>): SqlOrderColumn<Column> => ({
  ...column,
  direction: column.direction === "asc" ? "desc" : "asc",
  ...(column.nulls !== undefined && { nulls: column.nulls === "first" ? "last" : "first" }),
});

/** Adds the column types on MySQL and MariaDB whose values are ordered or printed in a special way. */
export function storedOrder(order: SqlOrder, columns: ReadonlyMap<string, MysqlColumn>): SqlOrder {
  const stored = (column: SqlOrderColumn): SqlOrderColumn => {
    const type = columns.get(column.column);
    return type !== undefined && special.has(type.type) ? { ...column, stored: type } : column;
  };
  const [first, ...rest] = order;
  return columns.size === 0 ? order : [stored(first), ...rest.map(stored)];
}

const special: ReadonlySet<string> = new Set(["enum", "set", "float"]);

/** Whether the database orders the column by the number of its label. */
export const isOrderedByNumber = ({ stored }: SqlOrderColumn): boolean =>
  stored?.type === "enum" || stored?.type === "set";

/** The name of the extra select expression for a column of the order. Must not be the name of a table's column. */
export const extraName = (index: number): string => `order ${index}`;

/** Whether the requested end for NULLs is the default of the database and its indexes. */
export function hasNativeNulls(kind: DatabaseKind, { direction, nulls }: SqlOrderColumn): boolean {
  if (nulls === undefined) return true;
  const native = (kind === "postgres") === (direction === "asc") ? "last" : "first";
  return nulls === native;
}

/**
 * `population desc, id asc`, each column qualified by the table or alias.
 * @param hasUniformNulls whether a column is NULL in all rows or in none, so that a clause for NULLs, which may prevent
 * the use of an index, can be omitted
 * @param isRead whether `table` is a derived table that has the extra order columns
 */
export function orderBy(
  kind: DatabaseKind,
  table: string,
  order: SqlOrder,
  hasUniformNulls: (column: SqlOrderColumn) => boolean = () => false,
  isRead = false,
): RawBuilder<unknown> {
  return sql.join(
    order.map((column, index) => {
      // A union converts labels to texts.
      const name = isRead && isOrderedByNumber(column) ? extraName(index) : column.column;
      const reference = isRead && isOrderedByNumber(column) ? sql.id(table, name) : sql.ref(`${table}.${name}`);
      const directed = sql`${reference} ${sql.raw(column.direction)}`;
      if (hasUniformNulls(column) || hasNativeNulls(kind, column)) return directed;
      if (kind !== "mysql") return sql`${directed} nulls ${sql.raw(column.nulls ?? "last")}`;
      return sql`${reference} is null ${sql.raw(column.nulls === "first" ? "desc" : "asc")}, ${directed}`;
    }),
  );
}

/**
 * Validates an order, which may be built at run time.
 * @throws TypeError for an invalid order
 */
export function checkedOrder(call: string, order: unknown): SqlOrder {
  const [first, ...rest] = Array.isArray(order) ? order.map((column) => checkedColumn(call, column)) : [];
  if (first === undefined) throw new TypeError(`${call}: expected an order of at least one column.`);
  return [first, ...rest];
}

function checkedColumn(call: string, column: unknown): SqlOrderColumn {
  if (isOrderColumn(column)) return column;
  throw new TypeError(
    `${call}: expected { column, direction: "asc" | "desc", type, nulls?: "first" | "last" } in the order, got ${JSON.stringify(column)}.`,
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

function isOrderColumn(value: unknown): value is SqlOrderColumn {
  if (typeof value !== "object" || value === null || !("column" in value) || !("direction" in value)) return false;
  const { column, direction, type, nulls }: Record<string, unknown> = { ...value };
  return (
    typeof column === "string" &&
    (direction === "asc" || direction === "desc") &&
    orderTypes.has(type) &&
    (nulls === undefined || nulls === "first" || nulls === "last")
  );
}
