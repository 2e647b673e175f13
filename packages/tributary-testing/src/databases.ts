import { beforeAll, beforeEach, inject } from "vitest";
import { type TestDatabaseName, testDatabases } from "./database-names.ts";

export { type TestDatabaseName, testDatabases };

/**
 * Makes empty databases, one per call; they are removed after the run. Where the machine has no such server the tests of
 * this `describe` are skipped with the reason, and fail when `CI` is `true`.
 */
export function useBlankDatabases(name: TestDatabaseName): () => Promise<string> {
  useUrl(name, "blank");
  return () => ask(name, "blank");
}

/**
 * The URL of the database that a module has filled: one for all tests of a run, which must not write to it. Skips and
 * fails as `useBlankDatabases` does.
 *
 * @param module the URL of a module that exports `fill(url)`
 * @returns undefined outside the tests of this `describe`
 */
export const useFilledDatabase = (name: TestDatabaseName, module: string): (() => string | undefined) =>
  useUrl(name, `filled?by=${encodeURIComponent(module)}`);

/** Asks once for the `describe`; when there is none, skips each of its tests, which is where a reason is shown. */
function useUrl(name: TestDatabaseName, kind: string): () => string | undefined {
  let url: string | undefined;
  let missing: string | undefined;
  beforeAll(async () => {
    try {
      url = await ask(name, kind);
    } catch (error) {
      // SQLite comes with Node: where it is missing, something is broken.
      if (process.env.CI === "true" || name === "sqlite") throw error;
      missing = String(error);
    }
  });
  beforeEach((context) => context.skip(missing !== undefined, missing));
  return () => url;
}

async function ask(name: TestDatabaseName, kind: string): Promise<string> {
  const [path = "", query] = kind.split("?");
  const url = `${inject("databaseHost")}/${path}/${name}${query === undefined ? "" : `?${query}`}`;
  // A connection that was kept from the last time may just be closed.
  const response = await fetch(url).catch(() => fetch(url));
  const text = await response.text();
  if (!response.ok) throw new Error(`No ${name} to test with: ${text}`);
  return text;
}
