import { type QueryExecutorProvider, sql } from "kysely";
import type { DatabaseKind } from "./columns.ts";

interface Named {
  readonly name: string;
}

/** Names of the tables and views where Atlas would create its own. */
export async function tableNames(db: QueryExecutorProvider, kind: DatabaseKind): Promise<ReadonlySet<string>> {
  const catalogue = {
    sqlite: sql<Named>`select name from sqlite_schema where type in ('table', 'view')`,
    postgres: sql<Named>`select c.relname as name from pg_class c where c.relnamespace = current_schema()::regnamespace`,
    mysql: sql<Named>`select table_name as name from information_schema.tables where table_schema = database()`,
  }[kind];
  const { rows } = await catalogue.execute(db);
  return new Set(rows.map((row) => row.name));
}

/**
 * Names of everything that somebody has put into the database, in any schema: tables, views, sequences, types and
 * routines, but for those that belong to the database itself or to an extension.
 */
export async function foreignObjects(db: QueryExecutorProvider, kind: DatabaseKind): Promise<readonly string[]> {
  const catalogue = {
    sqlite: sql<Named>`select name from sqlite_schema where type in ('table', 'view') and name not like 'sqlite\\_%' escape '\\' order by name`,
    postgres: postgresObjects,
    mysql: sql<Named>`
      select table_name as name from information_schema.tables where table_schema = database()
      union all select routine_name from information_schema.routines where routine_schema = database()
      union all select event_name from information_schema.events where event_schema = database()
      order by name`,
  }[kind];
  const { rows } = await catalogue.execute(db);
  return rows.map((row) => row.name);
}

/** Kinds of relations: tables (r, p, f), views (v, m) and sequences (S); of types: domains, enums and ranges. */
const postgresObjects = sql<Named>`
  select objects.name from (
    select relname as name, relnamespace as schema, oid, 'pg_class'::regclass as catalogue
      from pg_class where relkind in ('r', 'p', 'f', 'v', 'm', 'S')
    union all select typname, typnamespace, oid, 'pg_type'::regclass from pg_type where typtype in ('d', 'e', 'r')
    union all select proname, pronamespace, oid, 'pg_proc'::regclass from pg_proc
  ) as objects
  join pg_namespace on pg_namespace.oid = objects.schema
  where nspname not like 'pg\\_%' and nspname <> 'information_schema'
    and not exists (
      select 1 from pg_depend
      where pg_depend.classid = objects.catalogue and pg_depend.objid = objects.oid and pg_depend.deptype in ('e', 'i')
    )
  order by objects.name`;
