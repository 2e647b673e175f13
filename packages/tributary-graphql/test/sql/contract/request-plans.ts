import fc from "fast-check";
import { type ItemColumn, itemColumns } from "./item-table.ts";
import type { ModelFilter, ModelOrder, ModelOrderColumn, ModelWindow } from "./model.ts";
import type { Tables } from "./scenario.ts";

/**
 * Plans consist of numbers, which are reduced to the columns and rows of a scenario later. So a failing scenario can
 * shrink without changing its requests.
 */
type Pick = number;

const pick: fc.Arbitrary<Pick> = fc.nat(999);

export interface OrderPlan {
  readonly columns: readonly { readonly pick: Pick; readonly isDescending: boolean; readonly areNullsFirst: boolean }[];
  readonly isLastDescending: boolean;
  readonly last: "id" | "code";
}

export const orderPlans: fc.Arbitrary<OrderPlan> = fc.record({
  columns: fc.array(fc.record({ pick, isDescending: fc.boolean(), areNullsFirst: fc.boolean() }), {
    maxLength: 3,
    size: "max",
  }),
  isLastDescending: fc.boolean(),
  last: fc.constantFrom("id", "code"),
});

/** Up to three columns and a unique one. Keys are picked last, because they leave few ties to order. */
export function orderFrom({ columns: plans, isLastDescending, last }: OrderPlan, { columns }: Tables): ModelOrder {
  const taken = new Set<ItemColumn>([last]);
  const order: ModelOrderColumn[] = [];
  for (const { pick, isDescending, areNullsFirst } of plans) {
    const column = from(columns.toReversed(), pick % 7);
    if (column === undefined || taken.has(column)) continue;
    taken.add(column);
    const nulls = itemColumns[column].nullable && (areNullsFirst ? "first" : "last");
    order.push({ column, direction: isDescending ? "desc" : "asc", ...(nulls && { nulls }) });
  }
  return [...order, { column: last, direction: isLastDescending ? "desc" : "asc" }];
}

export interface FilterPlan {
  readonly column: Pick;
  readonly row: Pick;
  readonly operator: ModelFilter["operator"];
}

export const filterPlans: fc.Arbitrary<FilterPlan | undefined> = fc.option(
  fc.record({ column: pick, row: pick, operator: fc.constantFrom("=", "<", ">=", "is null") }),
  { nil: undefined },
);

/** Compares a column with the value of a row; not dates and times, whose conversion differs between databases. */
export function filterFrom(plan: FilterPlan | undefined, { columns, rows }: Tables): ModelFilter | undefined {
  if (plan === undefined) return undefined;
  const comparable = columns.filter((column) => !["timestamp", "date", "decimal"].includes(itemColumns[column].type));
  const column = from(comparable, plan.column) ?? "id";
  const value = from(rows, plan.row)?.[column] ?? null;
  return value === null ? { column, operator: "is null", value } : { column, operator: plan.operator, value };
}

export interface WindowPlan {
  readonly size: number;
  readonly backward: boolean;
  readonly after?: Pick | undefined;
  readonly before?: Pick | undefined;
}

export const pageSizes: fc.Arbitrary<number> = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 6 }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 100) },
);

const bound = fc.option(pick, { nil: undefined });

export const windowPlans: fc.Arbitrary<WindowPlan> = fc.record({
  size: pageSizes,
  backward: fc.boolean(),
  after: bound,
  before: bound,
});

/** The bounds are rows anywhere in the table, of this parent or another. */
export function windowFrom({ size, backward, after, before }: WindowPlan, { rows }: Tables): ModelWindow {
  const [afterRow, beforeRow] = [after, before].map((plan) => (plan === undefined ? undefined : from(rows, plan)));
  return { size, backward, ...(afterRow && { after: afterRow }), ...(beforeRow && { before: beforeRow }) };
}

export const columnPlans: fc.Arbitrary<readonly Pick[] | undefined> = fc.option(fc.array(pick, { maxLength: 4 }), {
  nil: undefined,
});

/** Undefined for all columns. */
export const columnsFrom = (plan: readonly Pick[] | undefined, { columns }: Tables): ItemColumn[] | undefined =>
  plan === undefined ? undefined : [...new Set(plan.flatMap((pick) => from(columns, pick) ?? []))];

/** Rows whose keys are loaded, some twice. A pick past the last row stands for a key that no row has. */
export const keyPlans: fc.Arbitrary<readonly Pick[]> = fc.array(fc.oneof(fc.nat(3), fc.nat(60)), {
  minLength: 1,
  maxLength: 8,
  size: "max",
});

const from = <Item>(items: readonly Item[], pick: Pick): Item | undefined => items[pick % items.length];
