import { type RawBuilder, sql } from "kysely";
import type { Database, DatabaseKind } from "../../../src/sql/database.ts";
import { type Column, type ColumnType, type ContractDatabase, type ItemColumn, itemColumns } from "./item-table.ts";
import type { LinkRow, ModelRow, Tables } from "./scenario.ts";
import type { ModelValue } from "./values.ts";

/** Text is compared by code point on each database, and trailing spaces are significant. */
const sqlTypes: Record<DatabaseKind, Record<ColumnType, string>> = {
  sqlite: {
    whole: "integer",
    big: "integer",
    double: "real",
    decimal: "numeric",
    text: "text",
    timestamp: "text",
    date: "text",
    boolean: "integer",
  },
  postgres: {
    whole: "integer",
    big: "bigint",
    double: "double precision",
    decimal: "numeric(20, 4)",
    text: 'text collate "C"',
    timestamp: "timestamptz",
    date: "date",
    boolean: "boolean",
  },
  mysql: {
    whole: "integer",
    big: "bigint",
    double: "double",
    decimal: "decimal(20, 4)",
    text: "varchar(60) character set utf8mb4 collate utf8mb4_nopad_bin",
    timestamp: "datetime(6)",
    date: "date",
    boolean: "boolean",
  },
};

/** Creates and fills the scenario's tables, and drops those of the previous scenario. */
export async function createTables(database: Database<ContractDatabase>, tables: Tables): Promise<void> {
  const { db, kind } = database;
  const types = sqlTypes[kind];
  for (const table of ["item", "link"]) await sql`drop table if exists ${sql.table(table)}`.execute(db);
  const columns = tables.columns.map((name) => define(kind, name, itemColumns[name]));
  const keys = [sql`primary key (id)`, sql`unique (code)`];
  const indexes = tables.indexes.map((names) => sql.join(names.map((name) => sql.ref(name))));
  // On MariaDB a separate `create index` takes as long as `create table`.
  const within = kind === "mysql" ? indexes.map((index) => sql`index (${index})`) : [];
  await sql`create table item (${sql.join([...columns, ...keys, ...within])})`.execute(db);
  for (const [number, index] of (kind === "mysql" ? [] : indexes).entries())
    await sql`create index ${sql.ref(`item_${number}`)} on item (${index})`.execute(db);
  await sql`create table link (id integer not null primary key, owner ${sql.raw(types.text)}, code ${sql.raw(types.big)})`.execute(
    db,
  );
  await insertItems(database, tables.rows);
  await insertLinks(database, tables.links);
}

const define = (kind: DatabaseKind, name: string, { type, nullable }: Column): RawBuilder<unknown> =>
  sql`${sql.ref(name)} ${sql.raw(sqlTypes[kind][type])} ${sql.raw(nullable ? "null" : "not null")}`;

/** Inserts items by one statement. */
export async function insertItems({ db, kind }: Database<ContractDatabase>, rows: readonly ModelRow[]): Promise<void> {
  const names = Object.keys(rows[0] ?? {}) as ItemColumn[];
  if (names.length === 0) return;
  const values = rows.map(
    (row) => sql`(${sql.join(names.map((name) => toDatabase(kind, itemColumns[name].type, row[name] ?? null)))})`,
  );
  await sql`insert into item (${sql.join(names.map((name) => sql.ref(name)))}) values ${sql.join(values)}`.execute(db);
}

export async function deleteItems({ db }: Database<ContractDatabase>, ids: readonly ModelValue[]): Promise<void> {
  if (ids.length > 0) await sql`delete from item where id in (${sql.join(ids)})`.execute(db);
}

async function insertLinks({ db }: Database<ContractDatabase>, links: readonly LinkRow[]): Promise<void> {
  if (links.length === 0) return;
  const values = links.map(({ owner, item }, index) => sql`(${index}, ${owner}, ${item})`);
  await sql`insert into link (id, owner, code) values ${sql.join(values)}`.execute(db);
}

/** The value as a parameter of the drivers. */
export function toDatabase(kind: DatabaseKind, type: ColumnType, value: ModelValue): unknown {
  return type === "timestamp" && value !== null && kind === "postgres" ? `${value}+00` : value;
}
