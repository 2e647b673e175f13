import { sql } from "kysely";
import { type TestDatabaseName, testDatabases, useBlankDatabases } from "tributary-testing/databases.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CallLog } from "../../../src/core/call-log.ts";
import type { Database, DatabaseKind } from "../../../src/sql/database.ts";
import { openDatabase } from "../../../src/sql/open.ts";
import { createReads } from "../../../src/sql/reads.ts";
import { type KeyColumnCase, keyColumns } from "./columns.ts";

interface Tables {
  /** Three rows: two with the first value of the key, one with the second. */
  thing: { id: number; k: string; part: number };
  link: { k: string; thing_id: number };
}

const kinds = { sqlite: "sqlite", postgres: "postgres", mariadb: "mysql" } as const satisfies Record<
  TestDatabaseName,
  DatabaseKind
>;

const orderBy = [{ column: "id", direction: "asc", type: "integer" }] as const;
const window = { size: 5, backward: false };

describe.each(testDatabases)("on %s", (name) => {
  const blank = useBlankDatabases(name);
  let url: string | undefined;
  beforeAll(async () => {
    url = await blank().catch(() => undefined);
  });

  describe.each(keyColumns[kinds[name]].map((column) => [column.name, column] as const))(
    "a key that is %s",
    (_, column) => {
      const kind = kinds[name];
      let database: Database<Tables> | undefined;
      beforeAll(async () => {
        if (url === undefined) return;
        database = await openDatabase<Tables>(url, { poolSize: 4 });
        await createTables(database, column);
      });
      afterAll(() => database?.close());

      /** Ids, a count, or existence per key; and the number of successful and of failed statements. */
      async function ask(keys: readonly (string | number)[], reader: keyof typeof readers) {
        if (database === undefined) throw new Error("The database is open only while the tests run.");
        const calls = new CallLog();
        const reads = createReads(database, { calls, signal: new AbortController().signal });
        const load: (key: string | number) => Promise<unknown> = readers[reader](reads);
        const results = await Promise.all(keys.map(load));
        const { entries } = calls;
        return { results, failed: entries.filter((entry) => entry.failed).length, statements: entries.length };
      }

      test.each(Object.keys(readers) as (keyof typeof readers)[])(
        "finds by %s the rows that are equal in the database, and an invalid key does not affect others",
        async (reader) => {
          const { found, none } = expected[reader];
          const good = await ask(column.equal, reader);
          expect(good.results).toEqual(column.equal.map(() => found));
          expect(good).toMatchObject({ statements: 1, failed: 0 });
          for (const bad of column.missing) {
            const mixed = await ask([column.equal[0] ?? "", bad], reader);
            expect(mixed.results, String(bad).slice(0, 20)).toEqual([found, none]);
            if (kind !== "postgres") expect(mixed).toMatchObject({ statements: 1, failed: 0 });
          }
          const all = await ask([...column.equal, ...column.missing], reader);
          expect(all.results).toEqual([...column.equal.map(() => found), ...column.missing.map(() => none)]);
        },
      );
    },
  );
});

type TestReads = ReturnType<typeof createReads<Tables>>;
type Load = (reads: TestReads) => (key: string | number) => Promise<unknown>;

const ids = (rows: readonly { readonly id: number }[]) => rows.map(({ id }) => id);
const text = (key: string | number) => key as string;
const source = { call: "things", table: "thing" } as const;
const through = { table: "link", parent: "k", child: "thing_id" } as const;

const readers = {
  oneByKey: (reads) => {
    const reader = reads.oneByKey({ ...source, key: "k" });
    return async (key) => (await reader.load(text(key))) !== null;
  },
  manyByKey: (reads) => {
    const reader = reads.manyByKey({ ...source, key: "k", orderBy });
    return async (key) => ids(await reader.load(text(key)));
  },
  "the first of manyByKey": (reads) => {
    const reader = reads.manyByKey({ ...source, key: "k", orderBy });
    return async (key) => ids(await reader.load(text(key), { first: 2 }));
  },
  manyThrough: (reads) => {
    const reader = reads.manyThrough({ ...source, key: "id", through, orderBy });
    return async (key) => ids(await reader.load(text(key)));
  },
  "the first of manyThrough": (reads) => {
    const reader = reads.manyThrough({ ...source, key: "id", through, orderBy });
    return async (key) => ids(await reader.load(text(key), { first: 2 }));
  },
  pageByParent: (reads) => {
    const reader = reads.pageByParent({ ...source, parent: "k", id: "id", orderBy });
    return async (key) => ids((await reader.load(text(key), { window })).rows);
  },
  pageThrough: (reads) => {
    const reader = reads.pageThrough({ ...source, id: "id", through, orderBy });
    return async (key) => ids((await reader.load(text(key), { window })).rows);
  },
  countByParent: (reads) => {
    const reader = reads.countByParent({ ...source, parent: "k" });
    return (key) => reader.load(text(key));
  },
  existsByParent: (reads) => {
    const reader = reads.existsByParent({ ...source, parent: "k" });
    return (key) => reader.load(text(key));
  },
  "a composite key": (reads) => {
    const reader = reads.manyByKey({ ...source, key: ["part", "k"], orderBy });
    return async (key) => ids(await reader.load({ part: 7, k: text(key) }));
  },
} as const satisfies Record<string, Load>;

const two = { found: [1, 2], none: [] };
const expected: Record<keyof typeof readers, { readonly found: unknown; readonly none: unknown }> = {
  oneByKey: { found: true, none: false },
  manyByKey: two,
  "the first of manyByKey": two,
  manyThrough: two,
  "the first of manyThrough": two,
  pageByParent: two,
  pageThrough: two,
  countByParent: { found: 2, none: 0 },
  existsByParent: { found: true, none: false },
  "a composite key": two,
};

async function createTables({ db }: Database<Tables>, { type, before, values }: KeyColumnCase): Promise<void> {
  for (const table of ["link", "thing"]) await sql`drop table if exists ${sql.table(table)}`.execute(db);
  for (const statement of before?.split("; ") ?? []) await sql.raw(statement).execute(db);
  await sql`create table thing (id integer primary key, k ${sql.raw(type)}, part integer not null)`.execute(db);
  await sql`create table link (k ${sql.raw(type)}, thing_id integer not null)`.execute(db);
  const [value, other] = values;
  for (const [id, k] of [
    [1, value],
    [2, value],
    [3, other],
  ] as const) {
    await sql`insert into thing values (${sql.lit(id)}, ${sql.lit(k)}, 7)`.execute(db);
    await sql`insert into link values (${sql.lit(k)}, ${sql.lit(id)})`.execute(db);
  }
}
