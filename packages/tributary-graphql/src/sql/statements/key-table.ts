import { type RawBuilder, sql } from "kysely";
import type { Database } from "../database.ts";

export type KeyColumnType = "text" | "integer" | "double";

/**
 * Composite keys as a derived table, sent as one JSON parameter: the text of the statement does not depend on the number
 * of keys. `alias` is the table's name: ``sql`from ${keyTable(database, columns, keys, "wanted")}` ``.
 */
export function keyTable<Name extends string>(
  database: Pick<Database<unknown>, "kind">,
  columns: Readonly<Record<Name, KeyColumnType>>,
  keys: readonly Readonly<Record<Name, string | number>>[],
  alias: string,
): RawBuilder<unknown> {
  const json = JSON.stringify(keys);
  const entries = Object.entries<KeyColumnType>(columns);
  const name = sql.id(alias);
  switch (database.kind) {
    case "sqlite": {
      const selected = entries.map(
        ([column]) => sql`json_extract(value, ${sql.lit(`$.${column}`)}) as ${sql.id(column)}`,
      );
      return sql`(select ${sql.join(selected)} from json_each(${json})) as ${name}`;
    }
    case "postgres": {
      const typed = entries.map(([column, type]) => sql`${sql.id(column)} ${sql.raw(postgresTypes[type])}`);
      return sql`json_to_recordset(${json}::json) as ${name}(${sql.join(typed)})`;
    }
    case "mysql": {
      const typed = entries.map(
        ([column, type]) => sql`${sql.id(column)} ${sql.raw(mysqlTypes[type])} path ${sql.lit(`$.${column}`)}`,
      );
      return sql`json_table(${json}, '$[*]' columns (${sql.join(typed)})) as ${name}`;
    }
    default:
      return database.kind satisfies never;
  }
}

const postgresTypes = { text: "text", integer: "bigint", double: "double precision" } as const satisfies Record<
  KeyColumnType,
  string
>;

const mysqlTypes = {
  text: "varchar(255) character set utf8mb4 collate utf8mb4_bin",
  integer: "bigint",
  double: "double",
} as const satisfies Record<KeyColumnType, string>;
