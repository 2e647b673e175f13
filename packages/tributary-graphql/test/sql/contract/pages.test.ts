import fc from "fast-check";
import { testDatabases } from "tributary-testing/databases.ts";
import { describe, expect, test } from "vitest";
import type { PageRows, PageWindow } from "../../../src/relay/page.ts";
import type { Database } from "../../../src/sql/database.ts";
import type { PageByParent } from "../../../src/sql/readers/source.ts";
import { useContractDatabase } from "./contract-database.ts";
import { cursorsIn, expectedOrderValues, orderValuesIn, windowAt } from "./cursors.ts";
import type { ContractDatabase, ItemColumn, ItemTable } from "./item-table.ts";
import {
  hasKey,
  itemsOf,
  type ModelKey,
  type ModelOrder,
  type ModelPage,
  type ModelWindow,
  matches,
  pageOf,
} from "./model.ts";
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
import {
  columnPlans,
  columnsFrom,
  filterFrom,
  filterPlans,
  keyPlans,
  orderFrom,
  orderPlans,
  windowFrom,
  windowPlans,
} from "./request-plans.ts";
import { expectedRow, rowOf } from "./row-values.ts";
import { propertyTimeoutMs } from "./runs.ts";
import type { Tables } from "./scenario.ts";

const plans = fc.record({
  parents: parentsPlans,
  owners: keyPlans,
  order: orderPlans,
  filter: filterPlans,
  columns: columnPlans,
  windows: fc.tuple(windowPlans, windowPlans),
});

type Plan = typeof plans extends fc.Arbitrary<infer Value> ? Value : never;

const timeout = propertyTimeoutMs;

describe.each(testDatabases)("on %s", (name) => {
  const contract = useContractDatabase(name);

  test(
    "a page of each parent is the model's, in both directions and from any bound, one call per window",
    {
      timeout,
    },
    () => expectOnAnyTables(contract(), plans, checkPageByParent),
  );

  test("a page of each owner through a join table is the model's, one call per window", { timeout }, () =>
    expectOnAnyTables(contract(), plans, checkPageThrough),
  );

  test("a page of the table is the model's, in both directions and from any bound", { timeout }, () =>
    expectOnAnyTables(contract(), plans, checkPage),
  );
});

async function checkPageByParent(database: Database<ContractDatabase>, tables: Tables, plan: Plan): Promise<void> {
  const request = await requestOf(database, tables, plan);
  const { reads, calls } = newRequest(database);
  const source = { ...request.source, id: "id" } as const;
  const load =
    plan.parents.kind === "pair"
      ? loadBy(reads.pageByParent({ ...source, parent: pair }), pairKey)
      : loadBy(reads.pageByParent({ ...source, parent: plan.parents.kind }), singleKey);
  const keys = parentsFrom(plan.parents, tables);
  await expectPages(request, keys, {
    load,
    model: (key, window) =>
      pageOf(
        tables.rows.filter((row) => hasKey(row, key) && matches(row, request.filter)),
        request.order,
        window,
      ),
  });
  expect(calls.entries.map((entry) => entry.keys)).toEqual(
    keys.length === 0 ? [] : request.distinctWindows.map(() => countDistinct(keys)),
  );
}

async function checkPageThrough(database: Database<ContractDatabase>, tables: Tables, plan: Plan): Promise<void> {
  const request = await requestOf(database, tables, plan);
  const { reads, calls } = newRequest(database);
  const reader = reads.pageThrough({
    ...request.source,
    id: "id",
    through: { table: "link", parent: "owner", child: "code" },
  });
  const owners = ownersFrom(plan.owners, tables);
  await expectPages(request, owners, {
    load: (owner, request) => reader.load(owner, request),
    model: (owner, window) =>
      pageOf(
        itemsOf(tables, owner).filter((row) => matches(row, request.filter)),
        request.order,
        window,
      ),
  });
  expect(calls.entries.map((entry) => entry.keys)).toEqual(
    owners.length === 0 ? [] : request.distinctWindows.map(() => new Set(owners).size),
  );
}

async function checkPage(database: Database<ContractDatabase>, tables: Tables, plan: Plan): Promise<void> {
  const request = await requestOf(database, tables, plan);
  const { reads } = newRequest(database);
  const reader = reads.page(request.source);
  await expectPages(request, ["the table"], {
    load: (_, request) => reader.load(request),
    model: (_, window) =>
      pageOf(
        tables.rows.filter((row) => matches(row, request.filter)),
        request.order,
        window,
      ),
  });
}

interface PageRequest {
  readonly arguments: FilterArguments;
  readonly window: PageWindow;
  readonly columns?: readonly ItemColumn[];
}

interface Asked {
  readonly order: ModelOrder;
  readonly columns: readonly ItemColumn[];
  readonly windows: readonly ModelWindow[];
  readonly requests: readonly PageRequest[];
}

/** The request of a plan. The cursors of its windows are read first, like by a client. */
async function requestOf(database: Database<ContractDatabase>, tables: Tables, plan: Plan) {
  const order = orderFrom(plan.order, tables);
  const filter = filterFrom(plan.filter, tables);
  const columns = columnsFrom(plan.columns, tables);
  const windows = plan.windows.map((window) => windowFrom(window, tables));
  const cursors = await cursorsIn(database, order);
  const requests: PageRequest[] = windows.map((window) => ({
    arguments: argumentsOf(filter),
    window: windowAt(window, order, cursors),
    ...(columns && { columns }),
  }));
  const distinctWindows = [...new Set(requests.map(({ window }) => JSON.stringify(window)))];
  const source = { call: "items", table: "item", where: whereFilter, orderBy: orderOf(order) } as const;
  return { order, filter, columns: columns ?? tables.columns, windows, requests, distinctWindows, source };
}

/** Loads every window of every key concurrently. */
async function expectPages<Key>(
  { order, columns, windows, requests }: Asked,
  keys: readonly Key[],
  reader: {
    readonly load: (key: Key, request: PageRequest) => Promise<PageRows<Partial<ItemTable>>>;
    readonly model: (key: Key, window: ModelWindow) => ModelPage;
  },
): Promise<void> {
  const pages = await Promise.all(requests.map((request) => Promise.all(keys.map((key) => reader.load(key, request)))));
  const given = pages.flat().map((page) => ({
    rows: page.rows.map((row) => rowOf(row, columns)),
    hasMore: page.hasMore,
    orderValues: orderValuesIn(page, order),
  }));
  const expected = windows
    .flatMap((window) => keys.map((key) => reader.model(key, window)))
    .map(({ rows, hasMore }) => ({
      rows: rows.map((row) => expectedRow(row, columns)),
      hasMore,
      orderValues: expectedOrderValues(rows, order),
    }));
  expect(given).toEqual(expected);
}

const loadBy =
  <Key>(reader: PageByParent<ItemTable, Key, FilterArguments>, keyOf: (key: ModelKey) => Key) =>
  (key: ModelKey, request: PageRequest): Promise<PageRows<Partial<ItemTable>>> =>
    reader.load(keyOf(key), request);
