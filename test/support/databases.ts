import { afterAll, beforeAll, beforeEach, inject } from "vitest";
import type { AtlasDatabase } from "../../datasources/database.ts";
import { type Database, openDatabase } from "../../datasources/sql/open.ts";
import { type TestDatabaseName, testDatabases } from "./database-names.ts";

export { type TestDatabaseName, testDatabases };

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
  const url = useDatabaseUrl(name, "seeded");
  beforeAll(async () => {
    const seededUrl = url();
    if (seededUrl !== undefined) database = await openDatabase<AtlasDatabase>(seededUrl);
  });
  afterAll(() => database?.close());
  return () => {
    if (database === undefined) throw new Error("The database is open only while the tests of its describe run.");
    return database;
  };
}

/** The URL of the same filled database, for tests that start a process on it or open it themselves. */
export function useAtlasUrl(name: TestDatabaseName): () => string {
  const url = useDatabaseUrl(name, "seeded");
  return () => required(url());
}

/** Makes empty databases, one a call; they are removed after the run. Skips and fails as `useAtlasDatabase` does. */
export function useBlankDatabases(name: TestDatabaseName): () => Promise<string> {
  useDatabaseUrl(name, "blank");
  return () => ask("blank", name);
}

/** Asks once for the `describe`; when there is none, skips each of its tests, which is where a reason is shown. */
export function useDatabaseUrl(name: TestDatabaseName, kind: "seeded" | "blank"): () => string | undefined {
  let url: string | undefined;
  let missing: string | undefined;
  beforeAll(async () => {
    try {
      url = await ask(kind, name);
    } catch (error) {
      // SQLite comes with Node: where it is missing, something is broken.
      if (process.env.CI === "true" || name === "sqlite") throw error;
      missing = String(error);
    }
  });
  beforeEach((context) => context.skip(missing !== undefined, missing));
  return () => url;
}

async function ask(kind: "seeded" | "blank", name: TestDatabaseName): Promise<string> {
  const url = `${inject("databaseHost")}/${kind}/${name}`;
  // A connection that was kept from the last time may just be closed.
  const response = await fetch(url).catch(() => fetch(url));
  const text = await response.text();
  if (!response.ok) throw new Error(`No ${name} to test with: ${text}`);
  return text;
}

function required(url: string | undefined): string {
  if (url === undefined) throw new Error("The URL is known only while the tests of its describe run.");
  return url;
}
