import type { Config } from "./config.ts";
import type { AtlasDatabase } from "./datasources/database.ts";
import { type Database, openDatabase } from "./datasources/sql/open.ts";
import { prepareDatabase } from "./demo/database/prepare.ts";
import type { OnProgress } from "./demo/database/seed.ts";

export interface OpenAtlasOptions {
  readonly config: Pick<Config, "databaseUrl">;
  /** Told how far the first filling of the database is. */
  readonly onProgress?: OnProgress;
}

/**
 * Opens the database, and fills it when it is empty; it is closed with `opened`, also while it is being filled.
 * @throws Error with one line that names DATABASE_URL when it cannot be opened
 */
export async function openAtlas(
  { config, onProgress }: OpenAtlasOptions,
  opened: AsyncDisposableStack,
): Promise<Database<AtlasDatabase>> {
  const database = await openDatabase<AtlasDatabase>(config.databaseUrl).catch((error: Error) => {
    throw new Error(`DATABASE_URL: ${error.message}`, { cause: error });
  });
  await own(opened, () => database.close());
  await prepareDatabase(database, { onProgress });
  return database;
}

/** Has what was opened let go of when the owner is closed, or at once when that has happened meanwhile. */
export async function own(opened: AsyncDisposableStack, release: () => Promise<void>): Promise<void> {
  if (!opened.disposed) return opened.defer(release);
  await release();
  throw new Error("The app was closed while it was opening.");
}
