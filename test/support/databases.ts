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
 * The filled database that all tests share, opened for the tests of this `describe`, which must not write to it. Where
 * the machine has no such server they are skipped with the reason, and fail when `CI` is `true`.
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
    if (database === undefined) throw new Error("The database is open only while the tests of its describe run.");
    return database;
  };
}

/** The URL of the same filled database, for tests that start a process on it or open it themselves. */
export function useAtlasUrl(name: TestDatabaseName): () => string {
  const url = useAtlasUrlIfAny(name);
  return () => {
    const known = url();
    if (known === undefined) throw new Error("The URL is known only while the tests of its describe run.");
    return known;
  };
}

/** As `useAtlasUrl`; undefined where the machine has no such server, for what is prepared before the tests are skipped. */
export const useAtlasUrlIfAny = (name: TestDatabaseName): (() => string | undefined) =>
  useFilledDatabase(name, fillModule);
