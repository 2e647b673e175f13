import { type Database, openDatabase } from "tributary-graphql/sql";
import { type Config, defaultDatabaseUrl } from "../config.ts";
import type { AtlasDatabase } from "../datasources/database.ts";
import { prepareDatabase } from "./database/prepare.ts";
import type { OnProgress } from "./database/seed.ts";

export interface OpenAtlasOptions {
  readonly config: Pick<Config, "databaseUrl">;
  /** Called with the progress of filling the database. */
  readonly onProgress?: OnProgress;
  /**
   * Whether to fill a database with other tables, and to create an SQLite file that does not exist. Default false: only
   * an empty database is filled, and only the default file is created.
   */
  readonly fillsAny?: boolean;
}

/**
 * Opens the database and fills it if it is empty. Disposing `opened` closes it, even while it is being filled.
 * @throws Error with a message of one line that names DATABASE_URL if it cannot be opened or filled
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
  const advice = isMissing ? '; check its path, or create and fill it with "npm run atlas:fill"' : "";
  throw new Error(`DATABASE_URL: ${error.message}${advice}`, { cause: error });
}

/** Releases a resource when the owner is disposed, or at once if it is already disposed. */
export async function own(opened: AsyncDisposableStack, release: () => Promise<void>): Promise<void> {
  if (!opened.disposed) return opened.defer(release);
  await release();
  throw new Error("The app was closed while it was opening.");
}
