import { beforeAll, beforeEach, inject } from "vitest";
import { type TestDatabaseName, testDatabases } from "./database-names.ts";

export { type TestDatabaseName, testDatabases };

/**
 * Returns a function that creates an empty database per call, and fulfils with its URL. They are removed after the run.
 * Without such a server the tests of this `describe` are skipped with the reason, or fail when `CI` is `true`.
 */
export function useBlankDatabases(name: TestDatabaseName): () => Promise<string> {
  useUrl(name, "blank");
  return () => ask(name, "blank");
}

/**
 * Returns a function with the URL of a database that a module has filled. All tests of the run share it, so they must not
 * write to it. Skips and fails as `useBlankDatabases` does.
 *
 * @param module the URL of a module that exports `fill(url)`
 * @returns undefined outside the tests of this `describe`
 */
export const useFilledDatabase = (name: TestDatabaseName, module: string): (() => string | undefined) =>
  useUrl(name, `filled?by=${encodeURIComponent(module)}`);

/** Asks once per `describe`. Without a database it skips each test and not the `describe`, so that the reason is shown. */
function useUrl(name: TestDatabaseName, kind: string): () => string | undefined {
  let url: string | undefined;
  let missing: string | undefined;
  beforeAll(async () => {
    try {
      url = await ask(name, kind);
    } catch (error) {
      // SQLite comes with Node, so it is never missing.
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
  // The server may just have closed a keep-alive connection.
  const response = await fetch(url).catch(() => fetch(url));
  const text = await response.text();
  if (!response.ok) throw new Error(`No ${name} to test with: ${text}`);
  return text;
}
