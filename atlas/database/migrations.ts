import { type Kysely, type RawBuilder, sql } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import type { AtlasDatabase } from "../../datasources/database.ts";
import { type ColumnType, collation, columnsOf, type DatabaseKind, type SeededTable, sqlType } from "./columns.ts";

/** The migration that the seed fills: indexes come after the rows, because building them at once is faster. */
export const tablesMigration = "001_tables";

/** Tables of the migrator itself. The default names may belong to an application beside us. */
export const migrationTable = "atlas_migration";
export const migrationLockTable = "atlas_migration_lock";

/** Every migration by its name, in order of its name. A migration that was released is never changed. */
export const migrationsFor = (kind: DatabaseKind): Record<string, Migration> => ({
  [tablesMigration]: { up: (db) => createTables(db, kind) },
  "002_indexes": { up: (db) => createIndexes(db, kind) },
});

/** Runs the migrations that are missing, up to `target` or all of them. */
export async function migrate(db: Kysely<AtlasDatabase>, kind: DatabaseKind, target?: string): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => migrationsFor(kind) },
    migrationTableName: migrationTable,
    migrationLockTableName: migrationLockTable,
    // Otherwise a table of the same name in another schema would be taken for ours.
    migrationTableSchema: kind === "postgres" ? await currentSchema(db) : undefined,
  });
  const { error } = target === undefined ? await migrator.migrateToLatest() : await migrator.migrateTo(target);
  if (error !== undefined) throw error;
}

async function currentSchema(db: Kysely<AtlasDatabase>): Promise<string> {
  const { rows } = await sql<{ name: string | null }>`select current_schema() as name`.execute(db);
  const name = rows[0]?.name;
  if (name == null)
    throw new Error("The PostgreSQL database has no schema to create tables in: check its search_path.");
  return name;
}

async function createTables(db: Kysely<unknown>, kind: DatabaseKind): Promise<void> {
  await createTable(db, kind, "city", columnsOf.city, sql`primary key (id)`);
  await createTable(db, kind, "airport", columnsOf.airport, sql`primary key (id)`);
  await createTable(db, kind, "search_term", columnsOf.search_term, searchTermKey(kind));
}

/**
 * A search reads nothing but this index. SQLite and MySQL keep a table in its primary key, so there it is the table;
 * PostgreSQL gets its key with the other indexes, with the columns that are not part of it included.
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

/** Each index serves one read, in the order that the read wants: pages of cities and airports, capitals, boxes, codes. */
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
