import fc from "fast-check";
import type { Database } from "../../../src/sql/database.ts";
import type { ContractDatabase } from "./item-table.ts";
import { runs } from "./runs.ts";
import { type Tables, tables } from "./scenario.ts";
import { createTables } from "./tables.ts";

/** Checks one result, after the tables have been created. */
type Check<Plan> = (database: Database<ContractDatabase>, tables: Tables, plan: Plan) => Promise<void>;

const plansPerTables = { minLength: 1, maxLength: 12, size: "max" } as const;

/** Creates many random tables, and checks several requests on each. */
export const expectOnAnyTables = <Plan>(
  database: Database<ContractDatabase>,
  plans: fc.Arbitrary<Plan>,
  check: Check<Plan>,
): Promise<void> =>
  fc.assert(
    fc.asyncProperty(tables, fc.array(plans, plansPerTables), async (tables, plans) => {
      await createTables(database, tables);
      for (const plan of plans) await check(database, tables, plan);
    }),
    runs(12),
  );
