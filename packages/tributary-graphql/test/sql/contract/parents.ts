import fc from "fast-check";
import type { ItemColumn } from "./item-table.ts";
import type { ModelKey } from "./model.ts";
import { type ParentKind, pair, parentKinds } from "./reader-arguments.ts";
import { keyPlans } from "./request-plans.ts";
import type { ModelRow, Tables } from "./scenario.ts";
import type { ModelValue } from "./values.ts";

/** Several parents: some twice, some without rows. */
export interface ParentsPlan {
  readonly kind: ParentKind;
  readonly keys: readonly number[];
}

export const parentsPlans: fc.Arbitrary<ParentsPlan> = fc.record({
  kind: fc.constantFrom(...parentKinds),
  keys: keyPlans,
});

export const parentsFrom = ({ kind, keys }: ParentsPlan, tables: Tables): ModelKey[] =>
  keysOf(kind === "pair" ? pair : [kind], keys, tables);

/** Keys of rows in these columns, without NULLs, and some that no row has. */
export function keysOf(columns: readonly ItemColumn[], plan: readonly number[], { rows }: Tables): ModelKey[] {
  return plan.flatMap((pick) => {
    const row: ModelRow = rows[pick] ?? nobody;
    const key = columns.map((column): [ItemColumn, ModelValue] => [column, row[column] ?? null]);
    return key.some(([, value]) => value === null) ? [] : [key];
  });
}

const nobody: ModelRow = {
  id: 424_242_424_242n,
  code: "no item",
  parent_whole: 424_242,
  parent_big: 9_007_199_254_740_993n,
  parent_text: "nobody",
};

/** The number of distinct keys. */
export const countDistinct = (keys: readonly ModelKey[]): number =>
  new Set(keys.map((key) => JSON.stringify(key.map(([, value]) => String(value))))).size;

/** Owners with links, and one without. */
export const ownersFrom = (plan: readonly number[], { links }: Tables): string[] =>
  plan.flatMap((pick) => {
    const link = links[pick];
    return link === undefined ? "nobody" : (link.owner ?? []);
  });
