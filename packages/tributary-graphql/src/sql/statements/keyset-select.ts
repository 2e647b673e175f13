import { type Expression, type RawBuilder, type SqlBool, sql } from "kysely";
import type { DatabaseKind } from "../database.ts";
import { hasUniformNullsIn, orderWithin, type Range, rangeConditions } from "./keyset-ranges.ts";
import { orderBy, type SqlOrder } from "./order.ts";

/** A select of the first rows in keyset ranges: one index range scan per range. */
export interface KeysetSelect {
  /** The selected columns; with several ranges they must include the columns of the order. */
  readonly columns: readonly RawBuilder<unknown>[];
  /** The table with the columns of the order. */
  readonly table: string;
  /** The table with its joins. */
  readonly from: RawBuilder<unknown>;
  readonly conditions: readonly Expression<SqlBool>[];
  /** Default: any order. */
  readonly order?: SqlOrder;
  /** At least one; an empty range is the whole list. */
  readonly ranges: readonly Range[];
  readonly limit: number;
}

/**
 * Keyset pagination: a union with one limited select per range, and the limit again over the union. It reads at most the
 * limit times the number of ranges.
 */
export function keysetSelect(kind: DatabaseKind, select: KeysetSelect): RawBuilder<unknown> {
  const [first, ...others] = select.ranges.map((range) => selectRange(kind, select, range));
  if (first === undefined) return selectRange(kind, { ...select, limit: 0 }, []);
  if (others.length === 0) return first;
  const parts = [first, ...others].map((part) => sql`select part.* from (${part}) as part`);
  return sql`select page.* from (${sql.join(parts, sql` union all `)}) as page${orderClause(kind, "page", select.order, true)} limit ${sql.lit(select.limit)}`;
}

function selectRange(kind: DatabaseKind, select: KeysetSelect, range: Range): RawBuilder<unknown> {
  const { columns, table, from, order, limit } = select;
  const where = whereClause([...select.conditions, ...rangeConditions(kind, table, range)]);
  const ordered =
    order === undefined
      ? sql``
      : sql` order by ${orderBy(kind, table, orderWithin(kind, order, range), hasUniformNullsIn(range))}`;
  return sql`select ${sql.join(columns)} from ${from}${where}${ordered} limit ${sql.lit(limit)}`;
}

/** @param isRead whether `table` is a derived table that has the extra order columns */
export const orderClause = (
  kind: DatabaseKind,
  table: string,
  order: SqlOrder | undefined,
  isRead = false,
): RawBuilder<unknown> =>
  order === undefined ? sql`` : sql` order by ${orderBy(kind, table, order, undefined, isRead)}`;

/** ` where a and b`, or empty. */
export const whereClause = (conditions: readonly Expression<SqlBool>[]): RawBuilder<unknown> =>
  conditions.length === 0 ? sql`` : sql` where ${sql.join(conditions, sql` and `)}`;
