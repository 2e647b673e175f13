import fc from "fast-check";
import { testDatabases } from "tributary-testing/databases.ts";
import { describe, expect, test } from "vitest";
import type { Database } from "../../../src/sql/database.ts";
import { useContractDatabase } from "./contract-database.ts";
import type { ContractDatabase } from "./item-table.ts";
import { hasKey, type ModelKey, matches } from "./model.ts";
import { countDistinct, keysOf } from "./parents.ts";
import { expectOnAnyTables } from "./property.ts";
import { argumentsOf, keyValue, newRequest, singleKey, whereFilter } from "./reader-arguments.ts";
import { columnPlans, columnsFrom, filterFrom, filterPlans, keyPlans } from "./request-plans.ts";
import { expectedRow, rowOf } from "./row-values.ts";
import { propertyTimeoutMs } from "./runs.ts";
import type { Tables } from "./scenario.ts";

const plans = fc.record({
  key: fc.constantFrom("id", "code", "both"),
  keys: keyPlans,
  filter: filterPlans,
  /** The columns of the concurrent loads, used in rotation. */
  columns: fc.array(columnPlans, { minLength: 1, maxLength: 3 }),
});

type Plan = typeof plans extends fc.Arbitrary<infer Value> ? Value : never;

describe.each(testDatabases)("on %s", (name) => {
  const contract = useContractDatabase(name);

  test(
    "one by key: each key has its row or null, and all keys are one call, whatever their columns",
    { timeout: propertyTimeoutMs },
    () => expectOnAnyTables(contract(), plans, checkOneByKey),
  );
});

async function checkOneByKey(database: Database<ContractDatabase>, tables: Tables, plan: Plan): Promise<void> {
  const { reads, calls } = newRequest(database);
  const filter = filterFrom(plan.filter, tables);
  const columnsAt = (index: number) => columnsFrom(plan.columns[index % plan.columns.length], tables);
  const keys = keysOf(plan.key === "both" ? ["code", "id"] : [plan.key], plan.keys, tables);

  const source = { call: "items", table: "item", where: whereFilter } as const;
  const byOne = reads.oneByKey({ ...source, key: plan.key === "both" ? "id" : plan.key });
  const byBoth = reads.oneByKey({ ...source, key: ["code", "id"] });
  const results = await Promise.all(
    keys.map((key, index) => {
      const columns = columnsAt(index);
      const request = { arguments: argumentsOf(filter), ...(columns && { columns }) };
      return plan.key === "both" ? byBoth.load(bothKey(key), request) : byOne.load(singleKey(key), request);
    }),
  );

  const expected = keys.map((key) => tables.rows.find((row) => hasKey(row, key) && matches(row, filter)) ?? null);
  const read = (index: number) => columnsAt(index) ?? tables.columns;
  expect(results.map((row, index) => row && rowOf(row, read(index)))).toEqual(
    expected.map((row, index) => row && expectedRow(row, read(index))),
  );
  expect(calls.entries.map(({ call, keys }) => [call, keys])).toEqual(
    keys.length === 0 ? [] : [["items", countDistinct(keys)]],
  );
}

const bothKey = ([code, id]: ModelKey) => ({ code: String(code?.[1]), id: keyValue(id?.[1]) });
