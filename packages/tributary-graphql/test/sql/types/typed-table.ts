import { type RawBuilder, sql } from "kysely";
import type { Database, DatabaseKind } from "../../../src/sql/database.ts";
import type { DocumentedType } from "./documented-types.ts";

/** A table with a column of every type: the row 1 has the values, the row 2 is NULL in each. */
export interface TypedDatabase {
  typed: { id: number; parent: number; code: string };
  typed_link: { owner: number; item: number };
}

const preparations: Record<DatabaseKind, readonly string[]> = {
  postgres: [
    "create extension citext",
    "create extension hstore",
    "create extension ltree",
    "create type mood as enum ('sad', 'ok', 'so so')",
    "create domain moods as mood[]",
    "create domain yen as numeric(12, 2)",
    "create type pair as (number integer, word text)",
  ],
  // Zero dates can only be written if the server is not strict.
  mysql: ["set sql_mode = concat(@@sql_mode, ',ALLOW_INVALID_DATES')", "set sql_mode = ''"],
  sqlite: [],
};

/** Creates the table with these types and fills it. */
export async function createTypedTable(
  database: Database<TypedDatabase>,
  types: readonly DocumentedType[],
): Promise<void> {
  const columns = types.map(({ column, type }) => `${column} ${type}`);
  const written = types.filter((type) => type.written !== "default");
  const names = ["id", "parent", "code", ...written.map(({ column }) => column)];
  const values = ["1", "7", "'one'", ...written.map((type) => type.written)];
  const statements = [
    ...preparations[database.kind],
    `create table typed (id integer primary key, parent integer not null, code varchar(10) not null, ${columns.join(", ")})`,
    `insert into typed (${names.join(", ")}) values (${values.join(", ")})`,
    "insert into typed (id, parent, code) values (2, 7, 'two')",
    "create table typed_link (owner integer not null, item integer not null)",
    "insert into typed_link (owner, item) values (5, 1), (5, 2)",
  ];
  await database.db.connection().execute(async (connection) => {
    for (const statement of statements) await sql.raw(statement).execute(connection);
  });
}

/** The rows of the table by a plain `select`. */
export const plainRows: RawBuilder<Record<string, unknown>> = sql`select * from typed order by id`;
