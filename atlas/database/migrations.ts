import { type Kysely, type RawBuilder, sql } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import type { AtlasDatabase } from "../../datasources/database.ts";
import { type ColumnType, collation, columnsOf, type DatabaseKind, type SeededTable, sqlType } from "./columns.ts";

/** The migration before the seed. The indexes are created after the rows, which is faster. */
export const tablesMigration = "001_tables";

/** Tables of Kysely's migrator. Another application in the same database may use the default names. */
export const migrationTable = "atlas_migration";
export const migrationLockTable = "atlas_migration_lock";

/** The migrations by name, in order of the names. A released migration must not be changed. */
export const migrationsFor = (kind: DatabaseKind): Record<string, Migration> => ({
  [tablesMigration]: { up: (db) => createTables(db, kind) },
  "002_indexes": { up: (db) => createIndexes(db, kind) },
});

/** Runs the pending migrations, up to `target` or all. */
export async function migrate(db: Kysely<AtlasDatabase>, kind: DatabaseKind, target?: string): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => migrationsFor(kind) },
    migrationTableName: migrationTable,
    migrationLockTableName: migrationLockTable,
    // Otherwise Kysely would use a table with this name in another schema.
    migrationTableSchema: kind === "postgres" ? await currentSchema(db) : undefined,
  });
  const { error } = target === undefined ? await migrator.migrateToLatest() : await migrator.migrateTo(target);
  if (error !== undefined) throw error;
}

async function currentSchema(db: Kysely<AtlasDatabase>): Promise<string> {
  const { rows } = await sql<{ name: string | null }>`select current_schema() as name`.execute(db);
  const name = rows[0]?.name;
  if (name == null)
    throw new Error("The PostgreSQL role has no current schema to create tables in: check its search_path.");
  return name;
}

async function createTables(db: Kysely<unknown>, kind: DatabaseKind): Promise<void> {
  await createTable(db, kind, "city", columnsOf.city, sql`primary key (id)`);
  await createTable(db, kind, "airport", columnsOf.airport, sql`primary key (id)`);
  await createTable(db, kind, "search_term", columnsOf.search_term, searchTermKey(kind));
}

/**
 * A search is an index-only scan. In SQLite and MySQL the primary key is the clustered index; PostgreSQL gets a covering
 * primary key, created with the other indexes.
 */
const searchTermKey = (kind: DatabaseKind): RawBuilder<unknown> | undefined =>
  kind === "postgres" ? undefined : sql`primary key (term, kind, ref_id)`;

async function createTable(
  db: Kysely<unknown>,
  kind: DatabaseKind,
  table: SeededTable,
  columns: Record<string, ColumnType>,
  key: RawBuilder<unknown> | undefined,
): Promise<void> {
  const definitions = Object.entries(columns).map(([name, column]) => defineColumn(kind, name, column));
  const body = sql.join(key === undefined ? definitions : [...definitions, key]);
  const ending = sql.raw(kind === "sqlite" && table === "search_term" ? "without rowid" : "");
  await sql`create table ${sql.table(table)} (${body}) ${ending}`.execute(db);
}

const defineColumn = (kind: DatabaseKind, name: string, column: ColumnType): RawBuilder<unknown> =>
  sql`${sql.ref(name)} ${sql.raw(sqlType(kind, column) + collation(kind, column) + (column.nullable ? "" : " not null"))}`;

/** One index per read: pages of cities and airports in their order, capitals, IATA codes, nearby airports. */
async function createIndexes(db: Kysely<unknown>, kind: DatabaseKind): Promise<void> {
  const cities = {
    city_by_population: ["population desc", "id"],
    city_by_name: ["name_key", "id"],
    city_by_country_population: ["country_code", "population desc", "id"],
    city_by_country_name: ["country_code", "name_key", "id"],
    city_by_country_feature: ["country_code", "feature_code"],
  } as const;
  for (const [name, columns] of Object.entries(cities))
    await db.schema
      .createIndex(name)
      .on("city")
      .columns([...columns])
      .execute();
  await db.schema.createIndex("airport_by_iata").unique().on("airport").column("iata").execute();
  await db.schema
    .createIndex("airport_by_country")
    .on("airport")
    .columns(["country_code", "size_rank", "name_key", "id"])
    .execute();
  await db.schema.createIndex("airport_by_place").on("airport").columns(["z", "x", "y"]).execute();
  if (kind === "postgres")
    await sql`alter table search_term add primary key (term, kind, ref_id) include (name_key, words, weight)`.execute(
      db,
    );
}
