import { sql } from "kysely";
import { testDatabases, useBlankDatabases } from "tributary-testing/databases.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CallLog } from "../../../../src/core/call-log.ts";
import type { Database } from "../../../../src/sql/database.ts";
import { openDatabase } from "../../../../src/sql/open.ts";
import { createReads } from "../../../../src/sql/reads.ts";

interface Words {
  word: { id: number; text: string };
}

describe.each(testDatabases.filter((name) => name === "postgres"))("on %s", (name) => {
  const blank = useBlankDatabases(name);
  let database: Database<Words>;

  /** Requests that share one connection, each with its own readers. */
  const load = (id: number | string) =>
    createReads(database, { calls: new CallLog(), signal: new AbortController().signal })
      .oneByKey({ call: "wordsById", table: "word", key: "id" })
      .load(id as number);

  const prepared = async () =>
    (await sql<{ statement: string }>`select statement from pg_prepared_statements`.execute(database.db)).rows;

  beforeEach(async () => {
    database = await openDatabase(await blank(), { poolSize: 1 });
    await sql`create table word (id integer primary key, text text not null)`.execute(database.db);
    await sql`insert into word values (1, 'one'), (2, 'two')`.execute(database.db);
  });
  afterEach(() => database?.close());

  test("a reader's statement is prepared once for all of its batches", async () => {
    expect(await load(1)).toEqual({ id: 1, text: "one" });
    expect(await load(2)).toEqual({ id: 2, text: "two" });
    expect(await load(3)).toBeNull();
    expect((await prepared()).map(({ statement }) => statement)).toEqual([expect.stringContaining('from "word"')]);
  });

  test("a column that a migration adds is read without a restart", async () => {
    await load(1);
    await sql`alter table word add column language text default 'en'`.execute(database.db);
    expect(await load(1)).toEqual({ id: 1, text: "one", language: "en" });
    expect(await load(2)).toEqual({ id: 2, text: "two", language: "en" });
  });

  test.each([
    ["text", "text", "2"],
    ["bigint", "bigint", "5000000000"],
    ["numeric", "numeric", "2.5"],
    ["uuid", "uuid using lpad(id::text, 32, '0')::uuid", "00000000-0000-0000-0000-000000000002"],
  ])("the column of the key is %s after a migration, and is read without a restart", async (type, change, key) => {
    await load(1);
    await sql`alter table word alter column id type ${sql.raw(change)}`.execute(database.db);
    await sql`insert into word values (${sql.lit(key)}, 'new') on conflict (id) do update set text = 'new'`.execute(
      database.db,
    );
    expect(await load(key), type).toMatchObject({ text: "new" });
    expect(await load("undefined")).toBeNull();
    expect(await load(key)).toMatchObject({ text: "new" });
  });

  test("an invalid key does not prevent that statements are prepared", async () => {
    await load(1);
    expect(await load("undefined")).toBeNull();
    expect(await load(2)).toMatchObject({ text: "two" });
    const { rows } = await sql<{
      uses: string;
    }>`select generic_plans + custom_plans as uses from pg_prepared_statements`.execute(database.db);
    expect(rows.map(({ uses }) => Number(uses))).toEqual([2]);
  });

  test("when the server has lost a prepared statement, it is sent unprepared", async () => {
    await load(1);
    await sql`deallocate all`.execute(database.db);
    expect(await load(2)).toEqual({ id: 2, text: "two" });
    expect(await load(1)).toEqual({ id: 1, text: "one" });
    expect(await prepared()).toEqual([]);
  });

  test("a statement that fails for another reason is not retried", async () => {
    await load(1);
    await sql`drop table word`.execute(database.db);
    await expect(load(1)).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE", cause: { code: "42P01" } });
  });

  test("within a transaction no statement is prepared", async () => {
    await database.db.transaction().execute(async (trx) => {
      const reads = createReads(database, { calls: new CallLog(), signal: new AbortController().signal }).within(trx);
      expect(await reads.oneByKey({ call: "wordsById", table: "word", key: "id" }).load(1)).toMatchObject({ id: 1 });
      const { rows } = await sql`select name from pg_prepared_statements`.execute(trx);
      expect(rows).toEqual([]);
    });
    await load(1);
    expect(await prepared()).toHaveLength(1);
  });
});
