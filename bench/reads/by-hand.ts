/** Reads by hand, as a database expert writes them: one statement, and a loop that groups its rows. */
import type { Database } from "tributary-graphql/sql";
import type { RawClient } from "./raw-client.ts";
import type { EntryTable, TableName } from "./tables.ts";

type Kind = Database<unknown>["kind"];

/** The first `size` entries of each parent, highest score first. */
export async function pagesByHand(
  client: RawClient,
  kind: Kind,
  table: TableName,
  parents: readonly number[],
  size: number,
): Promise<EntryTable[][]> {
  // One row more than the page tells whether there is a next page; the readers read it too.
  const limit = size + 1;
  const rows = await pageRows[kind](client, table, parents, limit);
  return grouped(rows, parents, "parent_id").map((siblings) => siblings.slice(0, size));
}

type PageRows = (
  client: RawClient,
  table: TableName,
  parents: readonly number[],
  limit: number,
) => Promise<EntryTable[]>;

const pageRows: Record<Kind, PageRows> = {
  postgres: (client, table, parents, limit) =>
    client.query(
      `select entry.* from unnest($1::int[]) as parent(id) cross join lateral (
         select * from ${table} where parent_id = parent.id order by score desc, id limit ${limit}
       ) as entry order by entry.score desc, entry.id`,
      [parents],
    ),
  sqlite: (client, table, parents, limit) =>
    client.query(
      `select entry.* from json_each(?) as parent join ${table} as entry on entry.id in (
         select id from ${table} where parent_id = parent.value order by score desc, id limit ${limit}
       ) order by entry.score desc, entry.id`,
      [JSON.stringify(parents)],
    ),
  mysql: async (client, table, parents, limit) => {
    const rows: EntryTable[] = [];
    for (let start = 0; start < parents.length; start += parentsPerUnion) {
      const chunk = parents.slice(start, start + parentsPerUnion);
      const parts = chunk.map(
        () => `(select * from ${table} where parent_id = ? order by score desc, id limit ${limit})`,
      );
      for (const row of await client.query(parts.join(" union all "), chunk)) rows.push(row);
    }
    return rows;
  },
};

/** In MariaDB the planning time of a union grows faster than linearly. */
const parentsPerUnion = 250;

/** All rows of each group. */
export async function groupsByHand(
  client: RawClient,
  kind: Kind,
  table: TableName,
  groups: readonly number[],
): Promise<EntryTable[][]> {
  const rows = await groupRows[kind](client, table, groups);
  return grouped(rows, groups, "group_id");
}

const groupRows: Record<
  Kind,
  (client: RawClient, table: TableName, groups: readonly number[]) => Promise<EntryTable[]>
> = {
  postgres: (client, table, groups) => client.query(`select * from ${table} where group_id = any($1)`, [groups]),
  sqlite: (client, table, groups) =>
    client.query(`select * from ${table} where group_id in (select value from json_each(?))`, [JSON.stringify(groups)]),
  mysql: (client, table, groups) => client.query(`select * from ${table} where group_id in (?)`, [groups]),
};

/** The rows of each key, in the order of the keys. */
export function grouped(
  rows: readonly EntryTable[],
  keys: readonly number[],
  column: "parent_id" | "group_id",
): EntryTable[][] {
  const byKey = new Map<number, EntryTable[]>(keys.map((key) => [key, []]));
  for (const row of rows) byKey.get(row[column])?.push(row);
  return keys.map((key) => byKey.get(key) ?? []);
}
