import { sql } from "kysely";
import { CallLog } from "../../../src/core/call-log.ts";
import type { Database } from "../../../src/sql/database.ts";
import { createReads, type Reads } from "../../../src/sql/reads.ts";
import { plainRows, type TypedDatabase } from "./typed-table.ts";

type Rows = readonly (object | null)[];

const byId = [{ column: "id", direction: "asc", type: "integer" }] as const;
const window = { size: 5, backward: false };
const through = { table: "typed_link", parent: "owner", child: "item" } as const;

/** All ways to read the rows 1 and 2 of the table. */
const readers: Readonly<Record<string, (reads: Reads<TypedDatabase>) => Promise<Rows>>> = {
  query: (reads) => reads.query("typed", 0, plainRows),
  "query of the builder": (reads) =>
    reads.query("typed", 0, reads.database.db.selectFrom("typed").selectAll().orderBy("id")),
  "query with a parameter": (reads) => reads.query("typed", 0, sql`select * from typed where id < ${3} order by id`),
  oneByKey: (reads) => {
    const reader = reads.oneByKey({ call: "typed", table: "typed", key: "id" });
    return Promise.all([reader.load(1), reader.load(2)]);
  },
  "oneByKey by a text": (reads) => {
    const reader = reads.oneByKey({ call: "typed", table: "typed", key: "code" });
    return Promise.all([reader.load("one"), reader.load("two")]);
  },
  "oneByKey by a composite key": (reads) => {
    const reader = reads.oneByKey({ call: "typed", table: "typed", key: ["parent", "code"] });
    return Promise.all([reader.load({ parent: 7, code: "one" }), reader.load({ parent: 7, code: "two" })]);
  },
  manyByKey: (reads) => reads.manyByKey({ call: "typed", table: "typed", key: "parent", orderBy: byId }).load(7),
  "manyByKey, the first": (reads) =>
    reads.manyByKey({ call: "typed", table: "typed", key: "parent", orderBy: byId }).load(7, { first: 5 }),
  manyThrough: (reads) =>
    reads.manyThrough({ call: "typed", table: "typed", key: "id", through, orderBy: byId }).load(5),
  "manyThrough, the first": (reads) =>
    reads.manyThrough({ call: "typed", table: "typed", key: "id", through, orderBy: byId }).load(5, { first: 5 }),
  pageByParent: async (reads) => {
    const reader = reads.pageByParent({ call: "typed", table: "typed", parent: "parent", id: "id", orderBy: byId });
    const [page] = await Promise.all([reader.load(7, { window }), reader.load(8, { window })]);
    return page.rows;
  },
  "pageByParent after a cursor": async (reads) => {
    const reader = reads.pageByParent({ call: "typed", table: "typed", parent: "parent", id: "id", orderBy: byId });
    return (await reader.load(7, { window: { ...window, after: [0] } })).rows;
  },
  pageThrough: async (reads) => {
    const reader = reads.pageThrough({ call: "typed", table: "typed", id: "id", through, orderBy: byId });
    return (await reader.load(5, { window })).rows;
  },
  page: async (reads) => (await reads.page({ call: "typed", table: "typed", orderBy: byId }).load({ window })).rows,
  "page after a cursor of two columns": async (reads) => {
    const orderBy = [{ column: "parent", direction: "asc", type: "integer" }, ...byId] as const;
    return (await reads.page({ call: "typed", table: "typed", orderBy }).load({ window: { ...window, after: [7, 0] } }))
      .rows;
  },
  "a reader in a transaction": (reads) => reads.write("typed", (trx) => reads.within(trx).query("typed", 0, plainRows)),
};

export const readerNames: readonly string[] = Object.keys(readers);

/** The rows of each reader, by its name. Each reader has its own request. */
export async function readByEveryReader(database: Database<TypedDatabase>): Promise<ReadonlyMap<string, Rows>> {
  const found = new Map<string, Rows>();
  for (const [name, read] of Object.entries(readers)) {
    const scope = { calls: new CallLog(), signal: new AbortController().signal };
    found.set(name, await read(createReads(database, scope)));
  }
  return found;
}
