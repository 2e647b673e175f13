/** Common solutions: DataLoader with its defaults and a simple query. */
import DataLoader from "dataloader";
import type { Database } from "tributary-graphql/sql";
import { grouped } from "./by-hand.ts";
import type { RawClient } from "./raw-client.ts";
import type { EntryTable, TableName } from "./tables.ts";

type Kind = Database<unknown>["kind"];

/** One query per parent (N+1), because a query with `in` cannot limit the rows per parent. */
export function queryPerParent(
  client: RawClient,
  kind: Kind,
  table: TableName,
  parents: readonly number[],
  size: number,
): Promise<EntryTable[][]> {
  const sql = `select * from ${table} where parent_id = ${parameter(kind, 0)} order by score desc, id limit ${size + 1}`;
  return Promise.all(parents.map(async (parent) => (await client.query(sql, [parent])).slice(0, size)));
}

/** One statement that numbers all rows of the parents, and returns the first ones. */
export function numberedRows(
  client: RawClient,
  kind: Kind,
  table: TableName,
  parents: readonly number[],
  size: number,
): Promise<EntryTable[][]> {
  const loader = new DataLoader(async (keys: readonly number[]) => {
    const rows = await client.query(
      `select * from (
         select ${table}.*, row_number() over (partition by parent_id order by score desc, id) as position
         from ${table} where parent_id in (${parameters(kind, keys.length)})
       ) as numbered where position <= ${size + 1} order by parent_id, position`,
      keys,
    );
    return grouped(rows, keys, "parent_id").map((siblings) => siblings.slice(0, size));
  });
  return Promise.all(parents.map((parent) => loader.load(parent)));
}

export function inList(
  client: RawClient,
  kind: Kind,
  table: TableName,
  groups: readonly number[],
): Promise<EntryTable[][]> {
  const loader = new DataLoader(async (keys: readonly number[]) => {
    const sql = `select * from ${table} where group_id in (${parameters(kind, keys.length)})`;
    return grouped(await client.query(sql, keys), keys, "group_id");
  });
  return Promise.all(groups.map((group) => loader.load(group)));
}

const parameter = (kind: Kind, index: number): string => (kind === "postgres" ? `$${index + 1}` : "?");

const parameters = (kind: Kind, count: number): string =>
  Array.from({ length: count }, (_, index) => parameter(kind, index)).join(", ");
