import { sql } from "kysely";
import { testDatabases, useBlankDatabases } from "tributary-testing/databases.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CallLog } from "../../../src/core/call-log.ts";
import type { Database } from "../../../src/sql/database.ts";
import { openDatabase } from "../../../src/sql/open.ts";
import { createReads, type Reads } from "../../../src/sql/reads.ts";

interface Node {
  readonly id: number;
  readonly kin: number;
  /** The name of a column of the key list. */
  readonly value: number;
}

/** Aliases of the readers' own statements, also in capitals, and a name with its schema. */
interface Schema {
  readonly parent: Node;
  readonly Parent: Node;
  readonly page: Node;
  readonly part: Node;
  readonly found: Node;
  readonly wanted: Node;
  readonly "other.parent": Node;
  readonly kinship: { readonly kin: number; readonly node_id: number };
}

const names = ["parent", "Parent", "page", "part", "found", "wanted", "other.parent"] as const;
const orderBy = [{ column: "id", direction: "desc", type: "integer" }] as const;
const window = { size: 2, backward: false, after: [9] } as const;

describe.each(testDatabases)("on %s", (name) => {
  const blank = useBlankDatabases(name);
  let database: Database<Schema>;
  let reads: Reads<Schema>;

  beforeEach(async () => {
    database = await openDatabase<Schema>(await blank());
    reads = createReads(database, { calls: new CallLog(), signal: new AbortController().signal });
    await sql`create table kinship (kin integer, node_id integer)`.execute(database.db);
    for (const id of [1, 2, 3]) await database.db.insertInto("kinship").values({ kin: 7, node_id: id }).execute();
  });
  afterEach(() => database?.close());

  /** Creates the table in another schema, or in the only schema of this database, and returns its name. */
  async function createTable(name: (typeof names)[number]): Promise<(typeof names)[number]> {
    const table = name === "other.parent" ? await inSchema("parent") : name;
    const { db } = database;
    await sql`create table ${sql.table(table)} (id integer primary key, kin integer not null, value integer not null)`.execute(
      db,
    );
    for (const id of [1, 2, 3]) await sql`insert into ${sql.table(table)} values (${id}, 7, 8)`.execute(db);
    return table as (typeof names)[number];
  }

  async function inSchema(table: string): Promise<string> {
    if (database.kind === "sqlite") return `main.${table}`;
    if (database.kind === "mysql") {
      const { rows } = await sql<{ name: string }>`select database() as name`.execute(database.db);
      return `${rows[0]?.name}.${table}`;
    }
    await sql`create schema other`.execute(database.db);
    return `other.${table}`;
  }

  test.each(names)("a table called %s is read by every reader", async (name) => {
    const table = await createTable(name);
    const ids = (rows: readonly { readonly id: number }[]) => rows.map(({ id }) => id);
    const through = { table: "kinship", parent: "kin", child: "node_id" } as const;
    const pages = reads.pageByParent({ call: "pages", table, parent: "kin", id: "id", orderBy });
    const composite = reads.pageByParent({ call: "pages", table, parent: ["kin", "id"], id: "id", orderBy });
    const many = reads.manyByKey({ call: "many", table, key: "kin", orderBy });
    const manyThrough = reads.manyThrough({ call: "through", table, key: "id", through, orderBy });
    const pagesThrough = reads.pageThrough({ call: "pagesThrough", table, id: "id", through, orderBy });

    expect(await reads.oneByKey({ call: "one", table, key: "id" }).load(2)).toEqual({ id: 2, kin: 7, value: 8 });
    expect(ids(await many.load(7))).toEqual([3, 2, 1]);
    expect(ids(await many.load(7, { first: 2 }))).toEqual([3, 2]);
    expect(ids((await pages.load(7, { window })).rows)).toEqual([3, 2]);
    expect(ids((await composite.load({ kin: 7, id: 2 }, { window })).rows)).toEqual([2]);
    expect(ids(await manyThrough.load(7))).toEqual([3, 2, 1]);
    expect(ids(await manyThrough.load(7, { first: 2 }))).toEqual([3, 2]);
    expect(ids((await pagesThrough.load(7, { window })).rows)).toEqual([3, 2]);
    expect(ids((await reads.page({ call: "page", table, orderBy }).load({ window })).rows)).toEqual([3, 2]);
    expect(await reads.countByParent({ call: "count", table, parent: "kin" }).load(7)).toBe(3);
    expect(await reads.existsByParent({ call: "exists", table, parent: "kin" }).load(7)).toBe(true);
  });
});
