import fc from "fast-check";
import { testDatabases } from "tributary-testing/databases.ts";
import { describe, expect, test } from "vitest";
import type { PageRows, PageWindow } from "../../../src/relay/page.ts";
import type { Database } from "../../../src/sql/database.ts";
import { useContractDatabase } from "./contract-database.ts";
import { boundOf, cursorOf } from "./cursors.ts";
import type { ContractDatabase, ItemTable } from "./item-table.ts";
import { itemsOf, type ModelFilter, type ModelOrder, matches, sorted } from "./model.ts";
import { argumentsOf, newRequest, orderOf, whereFilter } from "./reader-arguments.ts";
import { filterFrom, filterPlans, orderFrom, orderPlans } from "./request-plans.ts";
import { rowOf } from "./row-values.ts";
import { propertyTimeoutMs, runs } from "./runs.ts";
import { type ModelRow, type Tables, tablesWithSpareRows } from "./scenario.ts";
import { createTables, deleteItems, insertItems } from "./tables.ts";
import type { ModelValue } from "./values.ts";

const plans = fc.record({
  list: fc.constantFrom("table", "parent", "owner"),
  /** The row whose parent, or the link whose owner, is the key. */
  of: fc.nat(99),
  order: orderPlans,
  filter: filterPlans,
  size: fc.integer({ min: 1, max: 5 }),
  backward: fc.boolean(),
  /** Rows that are deleted, one after each page. */
  doomed: fc.array(fc.nat(99), { maxLength: 8 }),
});

type Plan = typeof plans extends fc.Arbitrary<infer Value> ? Value : never;

const timeout = propertyTimeoutMs;

describe.each(testDatabases)("on %s", (name) => {
  const contract = useContractDatabase(name);

  test("reading all pages, forward or backward, returns each row exactly once", { timeout }, () =>
    fc.assert(
      fc.asyncProperty(tablesWithSpareRows, plans, async ({ tables }, plan) => {
        await createTables(contract(), tables);
        const walk = walkFrom(contract(), tables, plan);
        expect(await walk.visit(async () => {})).toEqual(idsOf(sorted(walk.rows, walk.order)));
      }),
      runs(40),
    ),
  );

  test(
    "while rows are inserted and deleted, reading all pages returns the other rows exactly once, and none twice",
    { timeout },
    () =>
      fc.assert(
        fc.asyncProperty(tablesWithSpareRows, plans, async ({ tables, spare }, plan) => {
          await createTables(contract(), tables);
          const walk = walkFrom(contract(), tables, plan);
          const doomed = plan.doomed.flatMap((pick) => tables.rows[pick % tables.rows.length] ?? []);
          const visited = await walk.visit(async (page) => {
            await deleteItems(contract(), idsOf(doomed.slice(page, page + 1)));
            await insertItems(contract(), spare.slice(page, page + 1));
          });
          const staying = walk.rows.filter((row) => !doomed.includes(row));
          const stayingIds = new Set(idsOf(staying));
          expect(visited.filter((id) => stayingIds.has(id))).toEqual(idsOf(sorted(staying, walk.order)));
          expect(new Set(visited).size).toBe(visited.length);
        }),
        runs(40),
      ),
  );
});

const idsOf = (rows: readonly ModelRow[]): ModelValue[] => rows.map(({ id }) => id ?? null);

interface Walk {
  readonly order: ModelOrder;
  /** The rows of the list before the first page. */
  readonly rows: readonly ModelRow[];
  /** Reads all pages; `between` runs after each with its number. Returns the ids of all pages, in the list's order. */
  visit(between: (page: number) => Promise<void>): Promise<ModelValue[]>;
}

function walkFrom(database: Database<ContractDatabase>, tables: Tables, plan: Plan): Walk {
  const order = orderFrom(plan.order, tables);
  const filter = filterFrom(plan.filter, tables);
  const { rows, load } = listOf(database, tables, plan, { order, filter });
  const visit: Walk["visit"] = async (between) => {
    let ids: ModelValue[] = [];
    let cursor: string | undefined;
    for (let number = 0; number < 1_000; number += 1) {
      const page = await load({ size: plan.size, backward: plan.backward, ...boundIn(plan, order, cursor) });
      const read = page.rows.map((row) => rowOf(row, ["id"]).id ?? null);
      ids = plan.backward ? [...read, ...ids] : [...ids, ...read];
      const last = page.rows.at(plan.backward ? 0 : -1);
      if (!page.hasMore || last === undefined) return ids;
      cursor = cursorOf(order, page.orderValues(last));
      await between(number);
    }
    throw new Error(`Expected the walk to end, got ${ids.length} rows so far.`);
  };
  return { order, rows: rows.filter((row) => matches(row, filter)), visit };
}

function boundIn({ backward }: Plan, order: ModelOrder, cursor: string | undefined): Partial<PageWindow> {
  if (cursor === undefined) return {};
  const bound = boundOf(order, cursor);
  return backward ? { before: bound } : { after: bound };
}

interface List {
  readonly rows: readonly ModelRow[];
  /** Reads a page with new readers, like each request. */
  readonly load: (window: PageWindow) => Promise<PageRows<Partial<ItemTable>>>;
}

function listOf(
  database: Database<ContractDatabase>,
  tables: Tables,
  plan: Plan,
  { order, filter }: { readonly order: ModelOrder; readonly filter: ModelFilter | undefined },
): List {
  const source = { call: "items", table: "item", where: whereFilter, orderBy: orderOf(order) } as const;
  const arguments_ = argumentsOf(filter);
  switch (plan.list) {
    case "table": {
      const load = (window: PageWindow) =>
        newRequest(database).reads.page(source).load({ arguments: arguments_, window });
      return { rows: tables.rows, load };
    }
    case "parent": {
      const parent = Number(tables.rows[plan.of % tables.rows.length]?.parent_whole ?? 0);
      const byParent = { ...source, parent: "parent_whole", id: "id" } as const;
      const load = (window: PageWindow) =>
        newRequest(database).reads.pageByParent(byParent).load(parent, { arguments: arguments_, window });
      return { rows: tables.rows.filter((row) => row.parent_whole === parent), load };
    }
    case "owner": {
      const owner = tables.links[plan.of % tables.links.length]?.owner ?? "";
      const through = { ...source, id: "id", through: { table: "link", parent: "owner", child: "code" } } as const;
      const load = (window: PageWindow) =>
        newRequest(database).reads.pageThrough(through).load(owner, { arguments: arguments_, window });
      return { rows: itemsOf(tables, owner), load };
    }
    default:
      return plan.list satisfies never;
  }
}
