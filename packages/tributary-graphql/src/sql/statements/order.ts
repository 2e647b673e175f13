import { type RawBuilder, sql } from "kysely";
import type { OrderColumn, OrderType } from "../../relay/order.ts";
import type { DatabaseKind } from "../database.ts";
import type { MysqlColumn } from "../dialects/mysql/columns.ts";

/** A column of an order with what the readers look up of it. */
export interface SqlOrderColumn<Column extends string = string> extends OrderColumn<Column> {
  /** How MySQL and MariaDB store it, where that makes a difference. */
  readonly stored?: MysqlColumn;
}

export type SqlOrder<Column extends string = string> = readonly [SqlOrderColumn<Column>, ...SqlOrderColumn<Column>[]];

export const reversed = <Column extends string>(order: SqlOrder<Column>): SqlOrder<Column> => {
  const [first, ...rest] = order;
  return [turned(first), ...rest.map(turned)];
};

const turned = <Column extends string>(column: SqlOrderColumn<Column>): SqlOrderColumn<Column> => ({
  ...column,
  direction: column.direction === "asc" ? "desc" : "asc",
  ...(column.nulls !== undefined && { nulls: column.nulls === "first" ? "last" : "first" }),
});

/** The order with what is known of the columns of MySQL and MariaDB that are not ordered as they read. */
export function storedOrder(order: SqlOrder, columns: ReadonlyMap<string, MysqlColumn>): SqlOrder {
  const stored = (column: SqlOrderColumn): SqlOrderColumn => {
    const known = columns.get(column.column);
    return known !== undefined && special.has(known.type) ? { ...column, stored: known } : column;
  };
  const [first, ...rest] = order;
  return columns.size === 0 ? order : [stored(first), ...rest.map(stored)];
}

const special: ReadonlySet<string> = new Set(["enum", "set", "float"]);

/** Whether the database orders it by the number of its label. */
export const isByNumber = ({ stored }: SqlOrderColumn): boolean => stored?.type === "enum" || stored?.type === "set";

/** The name of a value that is read beside a row for a column of the order. No column of a table has it. */
export const extraName = (index: number): string => `order ${index}`;

/** Whether the database puts NULLs there by itself, as a plain index does. */
export function hasNativeNulls(kind: DatabaseKind, { direction, nulls }: SqlOrderColumn): boolean {
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
  kind: DatabaseKind,
  table: string,
  order: SqlOrder,
  isBare: (column: SqlOrderColumn) => boolean = () => false,
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
export function checkedOrder(call: string, order: unknown): SqlOrder {
  const [first, ...rest] = Array.isArray(order) ? order.map((column) => checkedColumn(call, column)) : [];
  if (first === undefined) throw new TypeError(`${call}: expected an order of at least one column.`);
  return [first, ...rest];
}

function checkedColumn(call: string, column: unknown): SqlOrderColumn {
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
