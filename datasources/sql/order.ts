import { type RawBuilder, type SqlBool, sql } from "kysely";

export type Direction = "asc" | "desc";

/** One column of an order. The columns hold no NULLs, and the last one is unique, so that no two rows tie. */
export interface OrderColumn<Column extends string = string> {
  readonly column: Column;
  readonly direction: Direction;
}

export type Order<Column extends string = string> = readonly [OrderColumn<Column>, ...OrderColumn<Column>[]];

/** A row's values of the order's columns, in the order's order. */
export type OrderValues = readonly (string | number)[];

export const reversed = <Column extends string>(order: Order<Column>): Order<Column> => {
  const [first, ...rest] = order;
  return [turned(first), ...rest.map(turned)];
};

const turned = <Column extends string>({ column, direction }: OrderColumn<Column>): OrderColumn<Column> => ({
  column,
  direction: direction === "asc" ? "desc" : "asc",
});

/** `population desc, id asc`, each column qualified by the table or alias. */
export const orderBy = (table: string, order: Order): RawBuilder<unknown> =>
  sql.join(order.map(({ column, direction }) => sql`${sql.ref(`${table}.${column}`)} ${sql.raw(direction)}`));

/**
 * True for the rows that come after these values in this order. Each level starts with a plain range
 * (`population <= ?`), which every database can start an index scan from; of a row comparison `(a, b) < (?, ?)`
 * MariaDB makes no range, and a mixed order has none.
 */
export function isAfter(table: string, order: Order, values: OrderValues): RawBuilder<SqlBool> {
  const [{ column, direction }, ...rest] = order;
  const [value, ...restValues] = values;
  const reference = sql.ref(`${table}.${column}`);
  const beyond = sql.raw(direction === "asc" ? ">" : "<");
  const [next, ...others] = rest;
  if (next === undefined) return sql<SqlBool>`${reference} ${beyond} ${value}`;
  const tieBreak = isAfter(table, [next, ...others], restValues);
  return sql<SqlBool>`(${reference} ${beyond}= ${value} and (${reference} ${beyond} ${value} or ${tieBreak}))`;
}
