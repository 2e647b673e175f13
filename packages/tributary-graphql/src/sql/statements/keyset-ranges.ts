import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { OrderValues } from "../../relay/order.ts";
import type { DatabaseKind } from "../database.ts";
import { hasNativeNulls, isOrderedByNumber, reversed, type SqlOrder, type SqlOrderColumn } from "./order.ts";
import { orderParameter } from "./order-values.ts";

/** A range's condition on one column. `beyond` means later in the order and not NULL. */
type Bound =
  | {
      readonly column: SqlOrderColumn;
      readonly is: "equal" | "beyond";
      readonly value: Exclude<OrderValues[number], null>;
    }
  | { readonly column: SqlOrderColumn; readonly is: "null" | "not null" };

/** A keyset range, which an index scan can read: the first columns equal values, and the next one is beyond a value. */
export type Range = readonly Bound[];

/** The keyset bounds of a page: the order values of the rows before and after it, exclusive. Unset: no bound. */
export interface KeysetBounds {
  readonly after?: OrderValues;
  readonly before?: OrderValues;
}

/**
 * Keyset (seek) pagination: the rows between two bounds as disjoint ranges. `(a, b) > (1, 2)` becomes `a = 1 and b > 2`,
 * and `a > 1`. Each range gets its own select, because no database reads `a > 1 or (a = 1 and b > 2)` by one index range
 * scan: it would read all rows with `a = 1`, or all rows.
 */
export function rangesBetween(kind: DatabaseKind, order: SqlOrder, { after, before }: KeysetBounds): readonly Range[] {
  if (after === undefined && before === undefined) return wholeList(kind, order);
  const starts = after === undefined ? [[]] : rangesBeyond(order, after);
  const ends = before === undefined ? [[]] : rangesBeyond(reversed(order), before);
  return starts.flatMap((start) => ends.map((end) => [...start, ...end])).filter(isPossible);
}

/** NULLs and other values are separate ranges if the database would have to sort to put NULLs at the requested end. */
function wholeList(kind: DatabaseKind, [column]: SqlOrder): readonly Range[] {
  if (hasNativeNulls(kind, column)) return [[]];
  return [[{ column, is: "not null" }], [{ column, is: "null" }]];
}

/** The ranges in the order of the list: the one with the most equal columns first. */
function rangesBeyond(order: SqlOrder, values: OrderValues): Range[] {
  const ranges: Range[] = [];
  const ties: Bound[] = [];
  for (const [index, column] of order.entries()) {
    const value = values[index] ?? null;
    ranges.unshift(...boundsBeyond(column, value).map((bound) => [...ties, bound]));
    ties.push(value === null ? { column, is: "null" } : { column, is: "equal", value });
  }
  return ranges;
}

function boundsBeyond(column: SqlOrderColumn, value: OrderValues[number]): Bound[] {
  if (value === null) return column.nulls === "first" ? [{ column, is: "not null" }] : [];
  const beyond: Bound = { column, is: "beyond", value };
  return column.nulls === "last" ? [beyond, { column, is: "null" }] : [beyond];
}

/** False for a combination of both ends that contradicts itself. */
function isPossible(range: Range): boolean {
  return range.every((bound) =>
    range.every((other) => bound.column.column !== other.column.column || canBothHold(bound, other)),
  );
}

function canBothHold(bound: Bound, other: Bound): boolean {
  if (bound.is === "null" || other.is === "null") return bound.is === other.is;
  // Different texts may be equal in the column's collation, so only identical values exclude each other.
  if (bound.is === "equal" && other.is === "beyond") return bound.value !== other.value;
  if (bound.is === "beyond" && other.is === "equal") return bound.value !== other.value;
  return true;
}

/** The SQL conditions of a range. */
export function rangeConditions(kind: DatabaseKind, table: string, range: Range): RawBuilder<SqlBool>[] {
  const conditions = range.map((bound) => {
    const reference = sql.ref(`${table}.${bound.column.column}`);
    if (!("value" in bound)) return sql<SqlBool>`${reference} is ${sql.raw(bound.is)}`;
    if (isOrderedByNumber(bound.column)) return labelCondition(reference, bound);
    const value = orderParameter(kind, bound.column, bound.value);
    // MariaDB would treat an equal column as a constant and drop it from the order. The rest may match another index: for
    // many equal values it would scan the primary key from its end.
    if (kind === "mysql" && bound.is === "equal")
      return sql<SqlBool>`${reference} >= ${value} and ${reference} <= ${value}`;
    const operator = bound.is === "equal" ? "=" : bound.column.direction === "asc" ? ">" : "<";
    return sql<SqlBool>`${reference} ${sql.raw(operator)} ${value}`;
  });
  return conditions;
}

/**
 * MySQL and MariaDB order an `enum` and a `set` by number, but compare them as texts. For an `enum` the condition lists
 * all labels of the range, so that it can use an index.
 */
function labelCondition(
  reference: RawBuilder<unknown>,
  { column, is, value }: Extract<Bound, { readonly value: unknown }>,
): RawBuilder<SqlBool> {
  const labels = column.stored?.labels ?? [];
  const isEnum = column.stored?.type === "enum";
  const number = isEnum ? enumNumber(labels, String(value)) : setNumber(labels, String(value));
  const operator = sql.raw(is === "equal" ? "=" : column.direction === "asc" ? ">" : "<");
  const byNumber = sql<SqlBool>`${reference} ${operator} ${number}`;
  // 0 is the number of an unknown label.
  if (!isEnum || is === "equal" || number === 0n || column.direction === "desc") return byNumber;
  const later = labels.slice(Number(number));
  return later.length === 0 ? sql<SqlBool>`1 = 0` : sql<SqlBool>`${reference} in (${sql.join(later)})`;
}

const enumNumber = (labels: readonly string[], label: string): bigint => BigInt(labels.indexOf(label) + 1);

const setNumber = (labels: readonly string[], value: string): bigint =>
  value
    .split(",")
    .reduce((sum, label) => sum | (labels.includes(label) ? 1n << BigInt(labels.indexOf(label)) : 0n), 0n);

/**
 * The order within a range. With a column that is NULL in the whole range, MariaDB would sort the range; without that
 * column it reads in index order. PostgreSQL needs the column for its index order.
 */
export function orderWithin(kind: DatabaseKind, order: SqlOrder, range: Range): SqlOrder {
  if (kind !== "mysql") return order;
  const isAlwaysNull = ({ column }: SqlOrderColumn) =>
    range.some((bound) => bound.is === "null" && bound.column.column === column);
  const [first, ...rest] = order.filter((column) => !isAlwaysNull(column));
  return first === undefined ? order : [first, ...rest];
}

/** Whether the column is NULL in all rows of a range, or in none. */
export const hasUniformNullsIn =
  (range: Range) =>
  ({ column }: SqlOrderColumn): boolean =>
    range.some((bound) => bound.column.column === column);
