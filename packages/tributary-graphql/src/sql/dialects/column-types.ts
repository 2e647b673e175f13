import { type Kysely, sql } from "kysely";
import type { Database } from "../database.ts";
import { type MysqlColumn, mysqlColumn } from "./mysql/columns.ts";
import type { PostgresColumn } from "./postgres/columns.ts";

/** The columns of a table by name. */
export type MysqlColumns = ReadonlyMap<string, MysqlColumn>;
export type PostgresColumns = ReadonlyMap<string, PostgresColumn>;

/** A migration may change a column while this process runs. */
const maxAgeMs = 60_000;

/** A cache of the column types in the database's catalog. A table is read at its first use and cached for a minute. */
export class ColumnTypes {
  readonly #mysql = new Map<string, CacheEntry<MysqlColumns>>();
  readonly #postgres = new Map<string, CacheEntry<PostgresColumns>>();

  ofMysql<Schema>(db: Kysely<Schema>, table: string): Promise<MysqlColumns> {
    return cached(this.#mysql, table, db.isTransaction, () => mysqlColumns(db, table));
  }

  ofPostgres<Schema>(db: Kysely<Schema>, table: string): Promise<PostgresColumns> {
    return cached(this.#postgres, table, db.isTransaction, () => postgresColumns(db, table));
  }

  /** Undefined when they are not cached. */
  cachedOfPostgres(table: string): PostgresColumns | undefined {
    const entry = this.#postgres.get(table);
    return entry !== undefined && isFresh(entry) ? entry.columns : undefined;
  }
}

interface CacheEntry<Columns> {
  readonly since: number;
  readonly promise: Promise<Columns>;
  columns: Columns | undefined;
}

const isFresh = ({ since }: CacheEntry<unknown>): boolean => performance.now() - since < maxAgeMs;

/**
 * Concurrent reads of a table share one statement. A failure is not cached. A transaction reads on its own connection,
 * and its rollback would fail the other reads: it shares only the result.
 */
function cached<Columns>(
  tables: Map<string, CacheEntry<Columns>>,
  table: string,
  isTransaction: boolean,
  load: () => Promise<Columns>,
): Promise<Columns> {
  const existing = tables.get(table);
  if (existing !== undefined && isFresh(existing)) return existing.promise;
  const entry: CacheEntry<Columns> = { since: performance.now(), promise: load(), columns: undefined };
  if (!isTransaction) tables.set(table, entry);
  entry.promise.then(
    (columns) => {
      entry.columns = columns;
      if (isTransaction) tables.set(table, entry);
    },
    () => {
      if (tables.get(table) === entry) tables.delete(table);
    },
  );
  return entry.promise;
}

const byDatabase = new WeakMap<object, ColumnTypes>();

/** The column types of a database, shared by all of its requests. */
export function columnTypesOf<Schema>({ db }: Database<Schema>): ColumnTypes {
  const types = byDatabase.get(db) ?? new ColumnTypes();
  byDatabase.set(db, types);
  return types;
}

async function mysqlColumns<Schema>(db: Kysely<Schema>, table: string): Promise<MysqlColumns> {
  const query = sql<{
    Field: string;
    Type: string;
    Collation: string | null;
  }>`show full columns from ${sql.table(table)}`;
  const { rows } = await query.execute(db.withoutPlugins());
  return new Map(rows.map(({ Field, Type, Collation }) => [Field, mysqlColumn(String(Type), Collation)]));
}

async function postgresColumns<Schema>(db: Kysely<Schema>, table: string): Promise<PostgresColumns> {
  const quoted = table
    .split(".")
    .map((part) => `"${part.replaceAll('"', '""')}"`)
    .join(".");
  const query = sql<{
    name: string;
    type: string;
    is_built_in: boolean;
    is_domain: boolean;
    labels: readonly string[];
  }>`
    with recursive base (name, type, is_domain) as (
      select attname, atttypid, false from pg_catalog.pg_attribute
      where attrelid = to_regclass(${quoted}) and attnum > 0 and not attisdropped
      union all
      select base.name, domain.typbasetype, true from base
      join pg_catalog.pg_type as domain on domain.oid = base.type and domain.typtype = 'd'
    )
    select base.name::text as name, type.typname::text as type, base.is_domain,
      type.typnamespace = 'pg_catalog'::regnamespace as is_built_in,
      array(select enumlabel::text from pg_catalog.pg_enum where enumtypid = type.oid order by enumsortorder) as labels
    from base join pg_catalog.pg_type as type on type.oid = base.type and type.typtype <> 'd'`;
  const { rows } = await query.execute(db.withoutPlugins());
  return new Map(
    rows.map(({ name, type, is_built_in: isBuiltIn, is_domain: isDomain, labels }) => [
      name,
      { type, isBuiltIn, isDomain, labels },
    ]),
  );
}
