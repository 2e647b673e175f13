import { type Database, openDatabase } from "tributary-graphql/sql";
import { type Config, defaultDatabaseUrl } from "../config.ts";
import type { AtlasDatabase } from "../datasources/database.ts";
import { prepareDatabase } from "./database/prepare.ts";
import type { OnProgress } from "./database/seed.ts";

export interface OpenAtlasOptions {
  readonly config: Pick<Config, "databaseUrl">;
  /** Told how far the first filling of the database is. */
  readonly onProgress?: OnProgress;
  /**
   * Whether to fill a database that is there for something else too, and to create an SQLite file that is not there.
   * Default false: an empty database is filled, and of files only the default one is created.
   */
  readonly fillsAny?: boolean;
}

/**
 * Opens the database, and fills it when it is empty; it is closed with `opened`, also while it is being filled.
 * @throws Error with one line that names DATABASE_URL when it cannot be opened, or may not be filled
 */
export async function openAtlas(
  { config: { databaseUrl }, onProgress, fillsAny = false }: OpenAtlasOptions,
  opened: AsyncDisposableStack,
): Promise<Database<AtlasDatabase>> {
  const createFile = fillsAny || databaseUrl === defaultDatabaseUrl;
  const database = await openDatabase<AtlasDatabase>(databaseUrl, { createFile }).catch(refuse);
  await own(opened, () => database.close());
  await prepareDatabase(database, { onProgress, addToOthers: fillsAny }).catch(refuse);
  return database;
}

function refuse(error: Error): never {
  const isMissing = error.cause instanceof Error && "code" in error.cause && error.cause.code === "ENOENT";
  const advice = isMissing ? '; check its path, or have it created and filled by "npm run atlas:fill"' : "";
  throw new Error(`DATABASE_URL: ${error.message}${advice}`, { cause: error });
}

/** Has what was opened let go of when the owner is closed, or at once when that has happened meanwhile. */
export async function own(opened: AsyncDisposableStack, release: () => Promise<void>): Promise<void> {
  if (!opened.disposed) return opened.defer(release);
  await release();
  throw new Error("The app was closed while it was opening.");
}
