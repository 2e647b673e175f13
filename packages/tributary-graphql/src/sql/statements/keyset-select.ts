import { type Expression, type RawBuilder, type SqlBool, sql } from "kysely";
import type { DatabaseKind } from "../database.ts";
import { isBareIn, orderWithin, type Range, rangeConditions } from "./keyset-ranges.ts";
import { orderBy, type SqlOrder } from "./order.ts";

/** The first rows of a list, as far as one search in an index finds them. */
export interface BoundedSelect {
  /** The selected columns; with several ranges they have to include those of the order. */
  readonly columns: readonly RawBuilder<unknown>[];
  /** The table of the order. */
  readonly table: string;
  /** The table, or it with what it is joined to. */
  readonly from: RawBuilder<unknown>;
  readonly conditions: readonly Expression<SqlBool>[];
  /** As it is read; without it any rows. */
  readonly order?: SqlOrder;
  /** At least one; one that says nothing is the whole list. */
  readonly ranges: readonly Range[];
  readonly limit: number;
}

/**
 * Each range is read by itself and to the limit, so at most as many times the limit as there are ranges are read; then
 * the first of all are kept.
 */
export function boundedSelect(kind: DatabaseKind, select: BoundedSelect): RawBuilder<unknown> {
  const [first, ...others] = select.ranges.map((range) => selectRange(kind, select, range));
  if (first === undefined) return selectRange(kind, { ...select, limit: 0 }, []);
  if (others.length === 0) return first;
  const parts = [first, ...others].map((part) => sql`select part.* from (${part}) as part`);
  return sql`select page.* from (${sql.join(parts, sql` union all `)}) as page${orderClause(kind, "page", select.order, true)} limit ${sql.lit(select.limit)}`;
}

function selectRange(kind: DatabaseKind, select: BoundedSelect, range: Range): RawBuilder<unknown> {
  const { columns, table, from, order, limit } = select;
  const where = whereClause([...select.conditions, ...rangeConditions(kind, table, range)]);
  const ordered =
    order === undefined
      ? sql``
      : sql` order by ${orderBy(kind, table, orderWithin(kind, order, range), isBareIn(range))}`;
  return sql`select ${sql.join(columns)} from ${from}${where}${ordered} limit ${sql.lit(limit)}`;
}

/** @param isRead whether `table` is what has been read, with the extras of the order */
export const orderClause = (
  kind: DatabaseKind,
  table: string,
  order: SqlOrder | undefined,
  isRead = false,
): RawBuilder<unknown> =>
  order === undefined ? sql`` : sql` order by ${orderBy(kind, table, order, undefined, isRead)}`;

/** ` where a and b`, or nothing. */
export const whereClause = (conditions: readonly Expression<SqlBool>[]): RawBuilder<unknown> =>
  conditions.length === 0 ? sql`` : sql` where ${sql.join(conditions, sql` and `)}`;
