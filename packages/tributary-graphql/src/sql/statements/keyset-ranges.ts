import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { OrderValues } from "../../relay/order.ts";
import type { DatabaseKind } from "../database.ts";
import { hasNativeNulls, isByNumber, reversed, type SqlOrder, type SqlOrderColumn } from "./order.ts";
import { orderParameter } from "./order-values.ts";

/** The condition of a range on one column. `beyond` is later in the order and not NULL. */
type Bound =
  | {
      readonly column: SqlOrderColumn;
      readonly is: "equal" | "beyond";
      readonly value: Exclude<OrderValues[number], null>;
    }
  | { readonly column: SqlOrderColumn; readonly is: "null" | "not null" };

/** A part of a list where an index scan can start: the first columns equal values, and the next one is beyond a value. */
export type Range = readonly Bound[];

/** The bounds of a page, as order values of the rows beside it, which are excluded. Unset: from the first, to the last row. */
export interface KeysetBounds {
  readonly after?: OrderValues;
  readonly before?: OrderValues;
}

/**
 * Keyset pagination: the rows between two bounds as disjoint ranges. `(a, b) > (1, 2)` is `a = 1 and b > 2`, and `a > 1`. Each
 * range is read by a select of its own, since no database makes one index scan of `a > 1 or (a = 1 and b > 2)`: it reads all
 * rows with `a = 1`, or all rows, to find the few that follow.
 */
export function rangesBetween(kind: DatabaseKind, order: SqlOrder, { after, before }: KeysetBounds): readonly Range[] {
  if (after === undefined && before === undefined) return wholeList(kind, order);
  const starts = after === undefined ? [[]] : rangesBeyond(order, after);
  const ends = before === undefined ? [[]] : rangesBeyond(reversed(order), before);
  return starts.flatMap((start) => ends.map((end) => [...start, ...end])).filter(isPossible);
}

/** NULLs and other values apart, where the database would have to sort to order NULLs as requested. */
function wholeList(kind: DatabaseKind, [column]: SqlOrder): readonly Range[] {
  if (hasNativeNulls(kind, column)) return [[]];
  return [[{ column, is: "not null" }], [{ column, is: "null" }]];
}

/** In the order of the list: the range that equals most of the values comes first. */
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

/** The bounds of both ends are combined, and some combinations contradict themselves. */
function isPossible(range: Range): boolean {
  return range.every((bound) =>
    range.every((other) => bound.column.column !== other.column.column || canBothHold(bound, other)),
  );
}

function canBothHold(bound: Bound, other: Bound): boolean {
  if (bound.is === "null" || other.is === "null") return bound.is === other.is;
  // Other texts may be equal in the column's collation, so only the very same value is known to be no step further.
  if (bound.is === "equal" && other.is === "beyond") return bound.value !== other.value;
  if (bound.is === "beyond" && other.is === "equal") return bound.value !== other.value;
  return true;
}

/** The conditions of a range. */
export function rangeConditions(kind: DatabaseKind, table: string, range: Range): RawBuilder<SqlBool>[] {
  const conditions = range.map((bound) => {
    const reference = sql.ref(`${table}.${bound.column.column}`);
    if (!("value" in bound)) return sql<SqlBool>`${reference} is ${sql.raw(bound.is)}`;
    if (isByNumber(bound.column)) return labelCondition(reference, bound);
    const value = orderParameter(kind, bound.column, bound.value);
    // Of an equal column MariaDB makes a constant, and what is left of the order may be that of another index: in a large
    // block of equals it then reads the primary key from its end.
    if (kind === "mysql" && bound.is === "equal")
      return sql<SqlBool>`${reference} >= ${value} and ${reference} <= ${value}`;
    const operator = bound.is === "equal" ? "=" : bound.column.direction === "asc" ? ">" : "<";
    return sql<SqlBool>`${reference} ${sql.raw(operator)} ${value}`;
  });
  return conditions;
}

/**
 * MySQL and MariaDB order an `enum` and a `set` by number, and compare them as texts. Of an `enum` all labels that are
 * wanted are named, so that an index is searched for them.
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
  // 0 stands for a label that there is not.
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
 * The columns that a range is ordered by. Where one holds nothing but NULL, MariaDB sorts all that the range has before it
 * takes the first; with that column left out it reads them as the index has them. PostgreSQL is the other way round.
 */
export function orderWithin(kind: DatabaseKind, order: SqlOrder, range: Range): SqlOrder {
  if (kind !== "mysql") return order;
  const isOnlyNull = ({ column }: SqlOrderColumn) =>
    range.some((bound) => bound.is === "null" && bound.column.column === column);
  const [first, ...rest] = order.filter((column) => !isOnlyNull(column));
  return first === undefined ? order : [first, ...rest];
}

/** Whether a range holds either no NULL of this column or nothing else. */
export const isBareIn =
  (range: Range) =>
  ({ column }: SqlOrderColumn): boolean =>
    range.some((bound) => bound.column.column === column);
