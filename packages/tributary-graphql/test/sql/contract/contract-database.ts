import { type TestDatabaseName, useBlankDatabases } from "tributary-testing/databases.ts";
import { afterAll, beforeAll } from "vitest";
import type { Database } from "../../../src/sql/database.ts";
import { openDatabase } from "../../../src/sql/open.ts";
import type { ContractDatabase } from "./item-table.ts";

/** An empty database for the scenarios of this `describe`, one at a time. */
export function useContractDatabase(name: TestDatabaseName): () => Database<ContractDatabase> {
  const blank = useBlankDatabases(name);
  let database: Database<ContractDatabase> | undefined;
  beforeAll(async () => {
    // If this machine has no such server, the tests are skipped with the reason.
    const url = await blank().catch(() => undefined);
    if (url !== undefined) database = await openDatabase<ContractDatabase>(url, { poolSize: 4, readers: 2 });
  });
  afterAll(() => database?.close());
  return () => {
    if (database === undefined) throw new Error("The database is open only while the tests of its describe run.");
    return database;
  };
}
