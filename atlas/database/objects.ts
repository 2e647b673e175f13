import { type QueryExecutorProvider, sql } from "kysely";
import type { DatabaseKind } from "./columns.ts";

interface Named {
  readonly name: string;
}

/** Names of the tables and views in the schema of Atlas' tables. */
export async function tableNames(db: QueryExecutorProvider, kind: DatabaseKind): Promise<ReadonlySet<string>> {
  const catalog = {
    sqlite: sql<Named>`select name from sqlite_schema where type in ('table', 'view')`,
    postgres: sql<Named>`select c.relname as name from pg_class c where c.relnamespace = current_schema()::regnamespace`,
    mysql: sql<Named>`select table_name as name from information_schema.tables where table_schema = database()`,
  }[kind];
  const { rows } = await catalog.execute(db);
  return new Set(rows.map((row) => row.name));
}

/** Names of tables, views, sequences, types and routines in any schema, except those of the database and of extensions. */
export async function userObjects(db: QueryExecutorProvider, kind: DatabaseKind): Promise<readonly string[]> {
  const catalog = {
    sqlite: sql<Named>`select name from sqlite_schema where type in ('table', 'view') and name not like 'sqlite\\_%' escape '\\' order by name`,
    postgres: postgresObjects,
    mysql: sql<Named>`
      select table_name as name from information_schema.tables where table_schema = database()
      union all select routine_name from information_schema.routines where routine_schema = database()
      union all select event_name from information_schema.events where event_schema = database()
      order by name`,
  }[kind];
  const { rows } = await catalog.execute(db);
  return rows.map((row) => row.name);
}

/** `relkind`: tables (r, p, f), views (v, m) and sequences (S). `typtype`: domains, enums and ranges. */
const postgresObjects = sql<Named>`
  select objects.name from (
    select relname as name, relnamespace as schema, oid, 'pg_class'::regclass as catalog
      from pg_class where relkind in ('r', 'p', 'f', 'v', 'm', 'S')
    union all select typname, typnamespace, oid, 'pg_type'::regclass from pg_type where typtype in ('d', 'e', 'r')
    union all select proname, pronamespace, oid, 'pg_proc'::regclass from pg_proc
  ) as objects
  join pg_namespace on pg_namespace.oid = objects.schema
  where nspname not like 'pg\\_%' and nspname <> 'information_schema'
    and not exists (
      select 1 from pg_depend
      where pg_depend.classid = objects.catalog and pg_depend.objid = objects.oid and pg_depend.deptype in ('e', 'i')
    )
  order by objects.name`;
