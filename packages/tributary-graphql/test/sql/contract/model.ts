/** The expected result of each reader, in the simplest way: all rows in memory, filtered, sorted and sliced. */
import { type ItemColumn, itemColumns } from "./item-table.ts";
import type { ModelRow, Tables } from "./scenario.ts";
import { compareValues, type ModelValue } from "./values.ts";

export interface ModelOrderColumn {
  readonly column: ItemColumn;
  readonly direction: "asc" | "desc";
  /** Whether NULLs come first or last; unset for a column without NULLs. */
  readonly nulls?: "first" | "last";
}

export type ModelOrder = readonly ModelOrderColumn[];

/** A condition on one column. As in SQL, NULL is neither equal to a value nor larger than one. */
export interface ModelFilter {
  readonly column: ItemColumn;
  readonly operator: "=" | "<" | ">=" | "is null";
  readonly value: ModelValue;
}

export interface ModelWindow {
  readonly size: number;
  readonly backward: boolean;
  /** The bounds of the page: rows in the table or not. */
  readonly after?: ModelRow;
  readonly before?: ModelRow;
}

export interface ModelPage {
  readonly rows: readonly ModelRow[];
  readonly hasMore: boolean;
}

/** A key of one column or several. */
export type ModelKey = readonly [ItemColumn, ModelValue][];

/** NULL equals no key, not even NULL. */
export const hasKey = (row: ModelRow, key: ModelKey): boolean =>
  key.every(([column, value]) => value !== null && row[column] === value);

export const matches = (row: ModelRow, filter: ModelFilter | undefined): boolean => {
  if (filter === undefined) return true;
  const value = row[filter.column] ?? null;
  if (filter.operator === "is null") return value === null;
  if (value === null || filter.value === null) return false;
  const compared = compareValues(itemColumns[filter.column].type, value, filter.value);
  return { "=": compared === 0, "<": compared < 0, ">=": compared >= 0 }[filter.operator];
};

export function compareRows(order: ModelOrder, a: ModelRow, b: ModelRow): number {
  for (const { column, direction, nulls } of order) {
    const [left = null, right = null] = [a[column], b[column]];
    if (left === right) continue;
    if (left === null || right === null) return (left === null) === (nulls === "first") ? -1 : 1;
    const compared = compareValues(itemColumns[column].type, left, right);
    return direction === "asc" ? compared : -compared;
  }
  return 0;
}

export const sorted = (rows: readonly ModelRow[], order: ModelOrder): ModelRow[] =>
  rows.toSorted((a, b) => compareRows(order, a, b));

export function pageOf(rows: readonly ModelRow[], order: ModelOrder, window: ModelWindow): ModelPage {
  const { size, backward, after, before } = window;
  const between = sorted(rows, order).filter(
    (row) =>
      (after === undefined || compareRows(order, row, after) > 0) &&
      (before === undefined || compareRows(order, row, before) < 0),
  );
  const start = backward ? Math.max(0, between.length - size) : 0;
  return { rows: between.slice(start, start + Math.min(size, between.length)), hasMore: between.length > size };
}

/** The linked items of an owner. */
export function itemsOf(tables: Tables, owner: string): ModelRow[] {
  const items = new Set(tables.links.filter((link) => link.owner === owner).map(({ item }) => item));
  return tables.rows.filter(({ id }) => typeof id === "bigint" && items.has(id));
}
