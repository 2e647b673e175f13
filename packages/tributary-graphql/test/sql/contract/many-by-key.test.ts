import fc from "fast-check";
import { testDatabases } from "tributary-testing/databases.ts";
import { describe, expect, test } from "vitest";
import type { Database } from "../../../src/sql/database.ts";
import type { ManyByKey } from "../../../src/sql/readers/source.ts";
import { useContractDatabase } from "./contract-database.ts";
import type { ContractDatabase, ItemColumn, ItemTable } from "./item-table.ts";
import { hasKey, itemsOf, type ModelKey, type ModelOrder, matches, sorted } from "./model.ts";
import { countDistinct, ownersFrom, parentsFrom, parentsPlans } from "./parents.ts";
import { expectOnAnyTables } from "./property.ts";
import {
  argumentsOf,
  type FilterArguments,
  newRequest,
  orderOf,
  pair,
  pairKey,
  singleKey,
  whereFilter,
} from "./reader-arguments.ts";
import { columnPlans, columnsFrom, filterFrom, filterPlans, keyPlans, orderFrom, orderPlans } from "./request-plans.ts";
import { expectedRow, rowOf } from "./row-values.ts";
import { propertyTimeoutMs } from "./runs.ts";
import type { ModelRow, Tables } from "./scenario.ts";

const plans = fc.record({
  parents: parentsPlans,
  owners: keyPlans,
  order: fc.option(orderPlans, { nil: undefined }),
  filter: filterPlans,
  columns: columnPlans,
  first: fc.option(fc.nat(4), { nil: undefined }),
});

type Plan = typeof plans extends fc.Arbitrary<infer Value> ? Value : never;

describe.each(testDatabases)("on %s", (name) => {
  const contract = useContractDatabase(name);

  test(
    "many by key: each key has its rows in their order, the first of them if requested, and all keys are one call",
    {
      timeout: propertyTimeoutMs,
    },
    () => expectOnAnyTables(contract(), plans, checkManyByKey),
  );

  test(
    "many through a join table: each owner has its rows in their order, the first of them if requested, in one call",
    {
      timeout: propertyTimeoutMs,
    },
    () => expectOnAnyTables(contract(), plans, checkManyThrough),
  );
});

async function checkManyByKey(database: Database<ContractDatabase>, tables: Tables, plan: Plan): Promise<void> {
  const { reads, calls } = newRequest(database);
  const { order, filter, source, request } = requestOf(plan, tables);
  const load =
    plan.parents.kind === "pair"
      ? loadBy(reads.manyByKey({ ...source, key: pair }), pairKey)
      : loadBy(reads.manyByKey({ ...source, key: plan.parents.kind }), singleKey);
  const keys = parentsFrom(plan.parents, tables);
  const results = await Promise.all(keys.map((key) => load(key, request)));
  expectAnswers(
    results,
    keys.map((key) => tables.rows.filter((row) => hasKey(row, key) && matches(row, filter))),
    { order, first: request.first, columns: request.columns ?? tables.columns },
  );
  const isCalled = keys.length > 0 && request.first !== 0;
  if (isCalled) expect(calls.entries.map((entry) => entry.keys)).toEqual([countDistinct(keys)]);
}

async function checkManyThrough(database: Database<ContractDatabase>, tables: Tables, plan: Plan): Promise<void> {
  const { reads, calls } = newRequest(database);
  const { order, filter, source, request } = requestOf(plan, tables);
  const reader = reads.manyThrough({
    ...source,
    key: "id",
    through: { table: "link", parent: "owner", child: "code" },
  });
  const owners = ownersFrom(plan.owners, tables);
  const results = await Promise.all(owners.map((owner) => reader.load(owner, request)));
  expectAnswers(
    results,
    owners.map((owner) => itemsOf(tables, owner).filter((row) => matches(row, filter))),
    { order, first: request.first, columns: request.columns ?? tables.columns },
  );
  const isCalled = owners.length > 0 && request.first !== 0;
  if (isCalled) expect(calls.entries.map(({ keys }) => keys)).toEqual([new Set(owners).size]);
}

/** `first` requires an order. */
function requestOf(plan: Plan, tables: Tables) {
  const order = plan.order && orderFrom(plan.order, tables);
  const filter = filterFrom(plan.filter, tables);
  const columns = columnsFrom(plan.columns, tables);
  const source = {
    call: "items",
    table: "item",
    where: whereFilter,
    ...(order && { orderBy: orderOf(order) }),
  } as const;
  const request: ManyRequest = {
    arguments: argumentsOf(filter),
    ...(columns && { columns }),
    ...(order && plan.first !== undefined && { first: plan.first }),
  };
  return { order, filter, source, request };
}

function expectAnswers(
  results: readonly (readonly object[])[],
  expected: readonly (readonly ModelRow[])[],
  options: { readonly order: ModelOrder | undefined; readonly first?: number; readonly columns: readonly ItemColumn[] },
): void {
  const { order, first, columns } = options;
  const given = results.map((rows) => rows.map((row) => rowOf(row, columns)));
  const wanted = expected.map((rows) =>
    (order ? sorted(rows, order) : rows).slice(0, first).map((row) => expectedRow(row, columns)),
  );
  if (order) expect(given).toEqual(wanted);
  else expect(given.map(inAnyOrder)).toEqual(wanted.map(inAnyOrder));
}

/** Sorts rows, so that equal sets have the same order. */
const inAnyOrder = (rows: readonly ModelRow[]): string[] =>
  rows.map((row) => JSON.stringify(row, (_, value) => (typeof value === "bigint" ? `${value}n` : value))).sort();

interface ManyRequest {
  readonly arguments: FilterArguments;
  readonly first?: number;
  readonly columns?: readonly ItemColumn[];
}

const loadBy =
  <Key>(reader: ManyByKey<ItemTable, Key, FilterArguments>, keyOf: (key: ModelKey) => Key) =>
  (key: ModelKey, request: ManyRequest): Promise<readonly Partial<ItemTable>[]> =>
    reader.load(keyOf(key), request);
