import { type Kysely, sql } from "kysely";
import type { Database } from "tributary-graphql/sql";
import type { AtlasDatabase } from "../../datasources/database.ts";
import { columnsOf, type DatabaseKind } from "./columns.ts";
import { exclusively, retryWhileBusy } from "./exclusively.ts";
import { migrate, migrationLockTable, migrationsFor, migrationTable, tablesMigration } from "./migrations.ts";
import { tableNames, userObjects } from "./objects.ts";
import { type OnProgress, readPackages, type SeedRows, seed } from "./seed.ts";

export interface PrepareOptions {
  readonly onProgress?: OnProgress;
  /** Whether to fill a database with other tables. Default false. */
  readonly addToOthers?: boolean;
  /** Reads the rows of the tables. Default: from the data packages. */
  readonly readRows?: () => Promise<SeedRows>;
}

export interface Prepared {
  /** False if the database was already filled. */
  readonly seeded: boolean;
}

/** Incremented when the rows of the seed change: a database with an older version is filled again. */
const seedVersion = 3;

/** Created first, to mark the other tables as Atlas' tables; its row is inserted last, to mark the seed as complete. */
const markerTable = "atlas_seed";

const atlasTables = Object.keys(columnsOf);

/**
 * Creates and fills the tables of Atlas. Idempotent, and safe with several processes at once and after a killed process.
 * A database that Atlas has not filled before has to be empty, except with `addToOthers`.
 *
 * @throws Error with a message of one line if the database has other objects, or its role may not create tables; nothing
 *   is changed then
 * @example await prepareDatabase(database, { onProgress: showProgress(process.stderr) });
 */
export async function prepareDatabase(
  database: Database<AtlasDatabase>,
  options: PrepareOptions = {},
): Promise<Prepared> {
  const { db, kind } = database;
  try {
    if (await retryWhileBusy(() => isPrepared(db, kind))) return { seeded: false };
    // Before the lock, because a read-only role cannot acquire it, and this error is more useful.
    await retryWhileBusy(async () => {
      if (!(await tableNames(db, kind)).has(markerTable)) await assertNoOthers(db, kind, options);
    });
    return await fill(database, options);
  } catch (error) {
    throw isPermissionError(error) ? new Error(mayNotCreate, { cause: error }) : error;
  }
}

async function fill(database: Database<AtlasDatabase>, options: PrepareOptions): Promise<Prepared> {
  const { db, kind } = database;
  const seeded = await exclusively(database, (lockedDb) => prepare(lockedDb, kind, options));
  // Sets the visibility map for index-only scans, which is possible only after the commit.
  if (seeded && kind === "postgres") await sql`vacuum city, airport, search_term`.execute(db);
  return { seeded };
}

async function prepare(db: Kysely<AtlasDatabase>, kind: DatabaseKind, options: PrepareOptions): Promise<boolean> {
  const { onProgress = () => {}, readRows = readPackages } = options;
  const tables = await tableNames(db, kind);
  if (tables.has(markerTable) && (await isSeeded(db))) {
    await migrate(db, kind);
    return false;
  }
  if (tables.has(markerTable)) await dropUnfinished(db);
  else await assertNoOthers(db, kind, options);
  await sql`create table if not exists ${sql.table(markerTable)} (version integer not null primary key)`.execute(db);
  await migrate(db, kind, tablesMigration);
  await seed(db, kind, { onProgress, readRows, addIndexes: () => migrate(db, kind) });
  await sql`insert into ${sql.table(markerTable)} (version) values (${seedVersion})`.execute(db);
  return true;
}

async function isPrepared(db: Kysely<AtlasDatabase>, kind: DatabaseKind): Promise<boolean> {
  const tables = await tableNames(db, kind);
  if (!tables.has(markerTable) || !tables.has(migrationTable)) return false;
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(migrationTable)}`.execute(db);
  const done = new Set(rows.map((row) => row.name));
  return Object.keys(migrationsFor(kind)).every((name) => done.has(name)) && (await isSeeded(db));
}

async function isSeeded(db: Kysely<AtlasDatabase>): Promise<boolean> {
  const { rows } = await sql`select 1 from ${sql.table(markerTable)} where version = ${seedVersion}`.execute(db);
  return rows.length > 0;
}

async function dropUnfinished(db: Kysely<AtlasDatabase>): Promise<void> {
  await sql`delete from ${sql.table(markerTable)}`.execute(db);
  for (const table of [...atlasTables, migrationTable, migrationLockTable])
    await db.schema.dropTable(table).ifExists().execute();
}

/** @throws Error if there are other objects; with `addToOthers`, only if there are tables with the names of Atlas' tables */
async function assertNoOthers(db: Kysely<AtlasDatabase>, kind: DatabaseKind, options: PrepareOptions): Promise<void> {
  const tables = await tableNames(db, kind);
  const conflict = [...atlasTables, migrationTable, migrationLockTable].find((table) => tables.has(table));
  if (conflict !== undefined)
    throw new Error(
      `Expected no table "${conflict}", found one that Atlas did not create. Nothing was changed: use another database.`,
    );
  if (options.addToOthers) return;
  const others = await userObjects(db, kind);
  if (others.length > 0)
    throw new Error(
      `Expected an empty database, or one that Atlas has filled before, found ${listed(others)}. Nothing was changed: ` +
        `use another database, or add Atlas' tables to this one with "npm run atlas:fill".`,
    );
}

const shownObjects = 3;

function listed(names: readonly string[]): string {
  const shown = names.slice(0, shownObjects).map((name) => JSON.stringify(name));
  return names.length > shownObjects ? `${shown.join(", ")} and ${names.length - shownObjects} more` : shown.join(", ");
}

const mayNotCreate =
  "The database is not filled yet, and its role may not create tables there. " +
  'Fill it once with a role that may: set DATABASE_URL to it for "npm run atlas:fill".';

/**
 * Error codes for missing privileges and read-only servers (PostgreSQL 42501, 25006; MariaDB and MySQL 1044, 1142, 1143,
 * 1227, 1290, 1792; SQLite).
 */
const permissionErrorCodes: ReadonlySet<unknown> = new Set([
  ...["42501", "25006"],
  ...["ER_DBACCESS_DENIED_ERROR", "ER_TABLEACCESS_DENIED_ERROR", "ER_COLUMNACCESS_DENIED_ERROR"],
  ...["ER_SPECIFIC_ACCESS_DENIED_ERROR", "ER_OPTION_PREVENTS_STATEMENT"],
  "ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION",
  "SQLITE_READONLY",
]);

const isPermissionError = (error: unknown): boolean =>
  error instanceof Error && "code" in error && permissionErrorCodes.has(error.code);
