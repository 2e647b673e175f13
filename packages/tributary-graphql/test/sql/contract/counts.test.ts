import fc from "fast-check";
import { testDatabases } from "tributary-testing/databases.ts";
import { describe, expect, test } from "vitest";
import type { Database } from "../../../src/sql/database.ts";
import { useContractDatabase } from "./contract-database.ts";
import type { ContractDatabase } from "./item-table.ts";
import { hasKey, type ModelFilter, type ModelKey, matches } from "./model.ts";
import { countDistinct, parentsFrom, parentsPlans } from "./parents.ts";
import { expectOnAnyTables } from "./property.ts";
import {
  argumentsOf,
  type FilterArguments,
  newRequest,
  pair,
  pairKey,
  singleKey,
  whereFilter,
} from "./reader-arguments.ts";
import { filterFrom, filterPlans } from "./request-plans.ts";
import { propertyTimeoutMs } from "./runs.ts";
import type { Tables } from "./scenario.ts";

const plans = fc.record({ parents: parentsPlans, filters: fc.tuple(filterPlans, filterPlans) });

type Plan = typeof plans extends fc.Arbitrary<infer Value> ? Value : never;

const timeout = propertyTimeoutMs;

describe.each(testDatabases)("on %s", (name) => {
  const contract = useContractDatabase(name);

  test("count: the number of rows of the table and of each parent, one call per condition", { timeout }, () =>
    expectOnAnyTables(contract(), plans, checkCounts),
  );

  test("exists: whether a parent has a row, one call per condition", { timeout }, () =>
    expectOnAnyTables(contract(), plans, checkExists),
  );
});

const source = { table: "item", where: whereFilter } as const;

async function checkCounts(database: Database<ContractDatabase>, tables: Tables, plan: Plan): Promise<void> {
  const { reads, calls } = newRequest(database);
  const ofParent = { ...source, call: "countOfParent" };
  const load =
    plan.parents.kind === "pair"
      ? loadBy(reads.countByParent({ ...ofParent, parent: pair }), pairKey)
      : loadBy(reads.countByParent({ ...ofParent, parent: plan.parents.kind }), singleKey);
  const all = reads.count({ ...source, call: "count" });
  const { keys, filters, loadEach } = requestOf(plan, tables);
  const [counts, totals] = await Promise.all([
    loadEach(load),
    Promise.all(filters.map((filter) => all.load({ arguments: argumentsOf(filter) }))),
  ]);
  expect(counts).toEqual(
    filters.map((filter) =>
      keys.map((key) => tables.rows.filter((row) => hasKey(row, key) && matches(row, filter)).length),
    ),
  );
  expect(totals).toEqual(filters.map((filter) => tables.rows.filter((row) => matches(row, filter)).length));
  expectCalls(
    calls.entries.filter(({ call }) => call === "countOfParent"),
    keys,
    filters,
  );
}

async function checkExists(database: Database<ContractDatabase>, tables: Tables, plan: Plan): Promise<void> {
  const { reads, calls } = newRequest(database);
  const ofParent = { ...source, call: "exists" };
  const load =
    plan.parents.kind === "pair"
      ? loadBy(reads.existsByParent({ ...ofParent, parent: pair }), pairKey)
      : loadBy(reads.existsByParent({ ...ofParent, parent: plan.parents.kind }), singleKey);
  const { keys, filters, loadEach } = requestOf(plan, tables);
  const results = await loadEach(load);
  expect(results).toEqual(
    filters.map((filter) => keys.map((key) => tables.rows.some((row) => hasKey(row, key) && matches(row, filter)))),
  );
  expectCalls(calls.entries, keys, filters);
}

/** Loads every parent with each of the two conditions concurrently. */
function requestOf(plan: Plan, tables: Tables) {
  const keys = parentsFrom(plan.parents, tables);
  const filters = plan.filters.map((filter) => filterFrom(filter, tables));
  const loadEach = <Value>(load: (key: ModelKey, arguments_: FilterArguments) => Promise<Value>): Promise<Value[][]> =>
    Promise.all(filters.map((filter) => Promise.all(keys.map((key) => load(key, argumentsOf(filter))))));
  return { keys, filters, loadEach };
}

function expectCalls(
  entries: readonly { readonly keys: number }[],
  keys: readonly ModelKey[],
  filters: readonly (ModelFilter | undefined)[],
): void {
  const distinct = new Set(filters.map((filter) => JSON.stringify(argumentsOf(filter))));
  expect(entries.map((entry) => entry.keys)).toEqual(
    keys.length === 0 ? [] : [...distinct].map(() => countDistinct(keys)),
  );
}

interface Counting<Key, Value> {
  load(key: Key, request: { readonly arguments: FilterArguments }): Promise<Value>;
}

const loadBy =
  <Key, Value>(reader: Counting<Key, Value>, keyOf: (key: ModelKey) => Key) =>
  (key: ModelKey, arguments_: FilterArguments): Promise<Value> =>
    reader.load(keyOf(key), { arguments: arguments_ });
