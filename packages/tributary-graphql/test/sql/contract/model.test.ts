import fc from "fast-check";
import { sql } from "kysely";
import { testDatabases } from "tributary-testing/databases.ts";
import { describe, expect, test } from "vitest";
import type { Database } from "../../../src/sql/database.ts";
import { useContractDatabase } from "./contract-database.ts";
import type { ContractDatabase, ItemTable } from "./item-table.ts";
import { type ModelOrder, sorted } from "./model.ts";
import { orderFrom, orderPlans } from "./request-plans.ts";
import { expectedRow, rowOf } from "./row-values.ts";
import { propertyTimeoutMs, runs } from "./runs.ts";
import { tables } from "./scenario.ts";
import { createTables } from "./tables.ts";

describe.each(testDatabases)("on %s", (name) => {
  const contract = useContractDatabase(name);

  test("the model stores and sorts rows like the database", { timeout: propertyTimeoutMs }, async () => {
    await fc.assert(
      fc.asyncProperty(tables, fc.array(orderPlans, { minLength: 1, maxLength: 5 }), async (tables, plans) => {
        await createTables(contract(), tables);
        for (const plan of plans) {
          const order = orderFrom(plan, tables);
          const rows = await allRows(contract(), order);
          expect(rows.map((row) => rowOf(row, tables.columns))).toEqual(
            sorted(tables.rows, order).map((row) => expectedRow(row, tables.columns)),
          );
        }
      }),
      runs(10),
    );
  });
});

async function allRows({ db }: Database<ContractDatabase>, order: ModelOrder): Promise<ItemTable[]> {
  const terms = order.map(({ column, direction, nulls }) => {
    const reference = sql.ref(`item.${column}`);
    const nullsTerm =
      nulls === undefined ? sql`` : sql`(${reference} is null) ${sql.raw(nulls === "last" ? "asc" : "desc")}, `;
    return sql`${nullsTerm}${reference} ${sql.raw(direction)}`;
  });
  const { rows } = await sql<ItemTable>`select * from item order by ${sql.join(terms)}`.execute(db);
  return rows;
}
