import { type Kysely, sql } from "kysely";
import type { Database } from "../database.ts";
import { type MysqlColumn, mysqlColumn } from "./mysql/columns.ts";
import type { PostgresColumn } from "./postgres/columns.ts";

/** The columns of a table by name. */
export type MysqlColumns = ReadonlyMap<string, MysqlColumn>;
export type PostgresColumns = ReadonlyMap<string, PostgresColumn>;

/** A migration may change a column while this process runs. */
const maxAgeMs = 60_000;

/** The columns of tables as the database's catalogue has them: read when they are first needed, then kept for a minute. */
export class ColumnTypes {
  readonly #mysql = new Map<string, Known<MysqlColumns>>();
  readonly #postgres = new Map<string, Known<PostgresColumns>>();

  ofMysql<Schema>(db: Kysely<Schema>, table: string): Promise<MysqlColumns> {
    return remember(this.#mysql, table, db.isTransaction, () => mysqlColumns(db, table));
  }

  ofPostgres<Schema>(db: Kysely<Schema>, table: string): Promise<PostgresColumns> {
    return remember(this.#postgres, table, db.isTransaction, () => postgresColumns(db, table));
  }

  /** Undefined where they are not known yet. */
  knownOfPostgres(table: string): PostgresColumns | undefined {
    const known = this.#postgres.get(table);
    return known !== undefined && isFresh(known) ? known.columns : undefined;
  }
}

interface Known<Columns> {
  readonly since: number;
  readonly promise: Promise<Columns>;
  columns: Columns | undefined;
}

const isFresh = ({ since }: Known<unknown>): boolean => performance.now() - since < maxAgeMs;

/**
 * One statement for all that ask at one moment. A failure is not remembered. A transaction reads on its own connection, and
 * what ends it would fail the others: it shares only what has been read.
 */
function remember<Columns>(
  tables: Map<string, Known<Columns>>,
  table: string,
  isTransaction: boolean,
  load: () => Promise<Columns>,
): Promise<Columns> {
  const known = tables.get(table);
  if (known !== undefined && isFresh(known)) return known.promise;
  const entry: Known<Columns> = { since: performance.now(), promise: load(), columns: undefined };
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

const ofDatabase = new WeakMap<object, ColumnTypes>();

/** The types that are known of a database, for all of its requests. */
export function columnTypesOf<Schema>({ db }: Database<Schema>): ColumnTypes {
  const known = ofDatabase.get(db) ?? new ColumnTypes();
  ofDatabase.set(db, known);
  return known;
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
