import { type Kysely, sql } from "kysely";
import type { AtlasDatabase } from "../../datasources/database.ts";
import type { Database } from "../../datasources/sql/open.ts";
import { columnsOf, type DatabaseKind } from "./columns.ts";
import { exclusively } from "./exclusively.ts";
import { migrate, migrationLockTable, migrationsFor, migrationTable, tablesMigration } from "./migrations.ts";
import { type OnProgress, readPackages, type SeedRows, seed } from "./seed.ts";

export interface PrepareOptions {
  readonly onProgress?: OnProgress;
  /** Called when the tables are to be filled; default reads the data packages. */
  readonly readRows?: () => Promise<SeedRows>;
}

export interface Prepared {
  /** False when the rows were already there. */
  readonly seeded: boolean;
}

/** Raised when the seed writes other rows than before: a database with an older number is filled anew. */
const seedVersion = 3;

/** Created before anything else, so it says whose the other tables are; its row is written last, so it says "done". */
const markerTable = "atlas_seed";

const atlasTables = Object.keys(columnsOf);

/**
 * Creates the tables of Atlas and fills them, unless that is done already. Safe to run from several processes at once,
 * and after one was killed half way.
 *
 * @throws Error with one line when a table of ours exists that we did not create; nothing is changed then.
 * @example await prepareDatabase(database, { onProgress: showProgress(process.stderr) });
 */
export async function prepareDatabase(
  database: Database<AtlasDatabase>,
  options: PrepareOptions = {},
): Promise<Prepared> {
  const { db, kind } = database;
  if (await isPrepared(db, kind)) return { seeded: false };
  const seeded = await exclusively(database, (lockedDb) => prepare(lockedDb, kind, options));
  // Only after the commit can PostgreSQL note which pages an index alone may answer for.
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
  else refuseForeign(tables);
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

function refuseForeign(tables: ReadonlySet<string>): void {
  const foreign = [...atlasTables, migrationTable].find((table) => tables.has(table));
  if (foreign !== undefined)
    throw new Error(
      `Expected an empty database, found a table "${foreign}" that Atlas did not create; use another one.`,
    );
}

/** Tables and views where ours would be created. */
async function tableNames(db: Kysely<AtlasDatabase>, kind: DatabaseKind): Promise<ReadonlySet<string>> {
  const catalogue = {
    sqlite: sql<{ name: string }>`select name from sqlite_schema where type in ('table', 'view')`,
    postgres: sql<{
      name: string;
    }>`select c.relname as name from pg_class c where c.relnamespace = current_schema()::regnamespace`,
    mysql: sql<{
      name: string;
    }>`select table_name as name from information_schema.tables where table_schema = database()`,
  }[kind];
  const { rows } = await catalogue.execute(db);
  return new Set(rows.map((row) => row.name));
}
