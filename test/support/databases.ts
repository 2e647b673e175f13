import { type Database, openDatabase } from "tributary-graphql/sql";
import {
  type TestDatabaseName,
  testDatabases,
  useBlankDatabases,
  useFilledDatabase,
} from "tributary-testing/databases.ts";
import { afterAll, beforeAll } from "vitest";
import type { AtlasDatabase } from "../../datasources/database.ts";

export { type TestDatabaseName, testDatabases, useBlankDatabases };

const fillModule = new URL("./fill.ts", import.meta.url).href;

/**
 * The seeded database that all tests share, for the tests of this `describe`, which must not write to it. Without such
 * a server on the machine the tests are skipped with the reason, or fail with `CI=true`.
 *
 * @example
 * const atlas = useAtlasDatabase(name);
 * test("…", async () => { await atlas().db.selectFrom("city")… });
 */
export function useAtlasDatabase(name: TestDatabaseName): () => Database<AtlasDatabase> {
  let database: Database<AtlasDatabase> | undefined;
  const url = useAtlasUrl(name);
  beforeAll(async () => {
    database = await openDatabase<AtlasDatabase>(url());
  });
  afterAll(() => database?.close());
  return () => {
    if (database === undefined) throw new Error("The database is available only within the tests of its describe.");
    return database;
  };
}

/** The URL of the same database, for tests that start a process or open it themselves. */
export function useAtlasUrl(name: TestDatabaseName): () => string {
  const url = useAtlasUrlIfAny(name);
  return () => {
    const value = url();
    if (value === undefined) throw new Error("The URL is available only within the tests of its describe.");
    return value;
  };
}

/** Like `useAtlasUrl`, but undefined without such a server, for hooks that run before the tests are skipped. */
export const useAtlasUrlIfAny = (name: TestDatabaseName): (() => string | undefined) =>
  useFilledDatabase(name, fillModule);
