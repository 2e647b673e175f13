import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Generated, sql } from "kysely";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Database } from "../../../../src/sql/database.ts";
import { cancelOnAbort } from "../../../../src/sql/dialects/cancellation.ts";
import { openDatabase } from "../../../../src/sql/open.ts";

interface Notes {
  note: { id: Generated<number>; text: string };
}

let folder: string;
let database: Database<Notes>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tributary-sqlite-"));
  database = await openDatabase<Notes>(`sqlite:${join(folder, "notes.sqlite")}`, {
    readers: 2,
    busyTimeoutMs: 50,
    createFile: true,
  });
  await sql`create table note (id integer primary key, text text not null unique)`.execute(database.db);
});

afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

/** Keeps a thread busy until it has counted to this number, without returning a row before. */
const count = (to: number, signal?: AbortSignal) =>
  sql<{ n: number }>`with recursive counter(n) as (select 1 union all select n + 1 from counter where n < ${to})
    select max(n) as n from counter`.execute(database.db, cancelOnAbort(signal));

const texts = async () =>
  (await database.db.selectFrom("note").select("text").orderBy("id").execute()).map((row) => row.text);

const insert = (text: string) => database.db.insertInto("note").values({ text }).executeTakeFirstOrThrow();

describe("during a long query", () => {
  test("the event loop is not blocked and another reader responds", async () => {
    const order: string[] = [];
    const slow = count(5_000_000).then(() => order.push("slow"));
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await texts().then(() => order.push("fast"));
    await slow;
    clearInterval(timer);
    expect(order).toEqual(["fast", "slow"]);
    expect(turns).toBeGreaterThan(20);
  });

  test("a write succeeds, and the next read sees it", async () => {
    const order: string[] = [];
    const slow = count(5_000_000).then(() => order.push("slow"));
    await insert("a");
    expect(await texts()).toEqual(["a"]);
    order.push("written");
    await slow;
    expect(order).toEqual(["written", "slow"]);
  });

  test("an abort rejects its promise at once, and the thread stops at the next row", async () => {
    const gone = new AbortController();
    const endless = sql`with recursive counter(n) as (select 1 union all select n + 1 from counter)
      select n from counter where n % 1000 = 0`.execute(database.db, cancelOnAbort(gone.signal));
    const reason = new Error("the client has left");
    setImmediate(() => gone.abort(reason));
    await expect(endless).rejects.toBe(reason);
    // Both readers respond, so the thread of the endless query is free again.
    const both = await Promise.all([count(10), count(20)]);
    expect(both.map(({ rows }) => rows[0]?.n)).toEqual([10, 20]);
  });
});

test("more queries than readers all succeed", async () => {
  const results = await Promise.all(Array.from({ length: 50 }, (_, index) => count(index + 1)));
  expect(results.map(({ rows }) => rows[0]?.n)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
});

test("a statement that still waits for a thread when its signal aborts never runs", async () => {
  const gone = new AbortController();
  const reason = new Error("the client has left");
  await database.db.transaction().execute(async (transaction) => {
    await transaction.insertInto("note").values({ text: "a" }).execute();
    const waiting = database.db.insertInto("note").values({ text: "never" }).execute(cancelOnAbort(gone.signal));
    setImmediate(() => gone.abort(reason));
    await expect(waiting).rejects.toBe(reason);
  });
  await insert("b");
  expect(await texts()).toEqual(["a", "b"]);
});

describe("a transaction", () => {
  test("is visible to others after its commit, not before", async () => {
    await database.db.transaction().execute(async (transaction) => {
      await transaction.insertInto("note").values({ text: "a" }).execute();
      expect(await transaction.selectFrom("note").selectAll().execute()).toHaveLength(1);
      expect(await texts()).toEqual([]);
    });
    expect(await texts()).toEqual(["a"]);
  });

  test("that fails is rolled back, and the next one can begin", async () => {
    const failing = database.db.transaction().execute(async (transaction) => {
      await transaction.insertInto("note").values({ text: "a" }).execute();
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    await insert("b");
    expect(await texts()).toEqual(["b"]);
  });

  test("waits for another one to end", async () => {
    const add = (text: string) =>
      database.db.transaction().execute(async (transaction) => {
        const { n } = await transaction
          .selectFrom("note")
          .select((expression) => expression.fn.countAll<number>().as("n"))
          .executeTakeFirstOrThrow();
        await transaction
          .insertInto("note")
          .values({ text: `${text}${n}` })
          .execute();
      });
    await Promise.all([add("a"), add("b"), add("c")]);
    expect(await texts()).toEqual(["a0", "b1", "c2"]);
  });

  test("can be rolled back to a savepoint", async () => {
    const transaction = await database.db.startTransaction().execute();
    await transaction.insertInto("note").values({ text: "a" }).execute();
    const afterA = await transaction.savepoint("after a").execute();
    await afterA.insertInto("note").values({ text: "b" }).execute();
    const back = await afterA.rollbackToSavepoint("after a").execute();
    await back.commit().execute();
    expect(await texts()).toEqual(["a"]);
  });

  test("that only reads keeps its snapshot while others write", async () => {
    await database.db
      .transaction()
      .setAccessMode("read only")
      .execute(async (transaction) => {
        expect(await transaction.selectFrom("note").selectAll().execute()).toEqual([]);
        await insert("a");
        expect(await transaction.selectFrom("note").selectAll().execute()).toEqual([]);
      });
    expect(await texts()).toEqual(["a"]);
  });

  test("of a raw begin that is left open is rolled back when its connection is released", async () => {
    await database.db.connection().execute(async (connection) => {
      await sql`begin`.execute(connection);
      await connection.insertInto("note").values({ text: "a" }).execute();
    });
    await insert("b");
    expect(await texts()).toEqual(["b"]);
  });

  test("that SQLite has rolled back rejects further statements, so they are not executed outside of it", async () => {
    const ended = database.db.transaction().execute(async (transaction) => {
      await sql`insert or rollback into note (text) values ('a'), ('a')`.execute(transaction).catch(() => {});
      await transaction.insertInto("note").values({ text: "b" }).execute();
    });
    await expect(ended).rejects.toThrow("SQLite has rolled back the transaction early.");
    expect(await texts()).toEqual([]);
  });
});

describe("raw SQL", () => {
  test("that writes is run by the writer, even if it begins like a read", async () => {
    await sql`with one(text) as (values ('a')) insert into note (text) select text from one`.execute(database.db);
    const { rows } = await sql`insert into note (text) values ('b') returning id, text`.execute(database.db);
    expect(rows).toEqual([{ id: 2, text: "b" }]);
    expect(await texts()).toEqual(["a", "b"]);
  });

  test("returns the current columns of a table after another connection has changed it", async () => {
    await insert("a");
    const everything = () => sql`select * from note`.execute(database.db);
    await everything();
    await sql`alter table note add column author text default 'ann'`.execute(database.db);
    expect((await everything()).rows).toEqual([{ id: 1, text: "a", author: "ann" }]);
  });
});

describe("values", () => {
  test("true, false and undefined are bound as 1, 0 and null", async () => {
    const { rows } = await sql`select ${true} as yes, ${false} as no, ${undefined} as missing`.execute(database.db);
    expect(rows).toEqual([{ yes: 1, no: 0, missing: null }]);
  });

  test("an integer beyond 2^53 - 1 is read as its digits, on readers and the writer, and written as a bigint", async () => {
    const numbers = [2n ** 53n - 1n, 2n ** 53n, -(2n ** 53n), 2n ** 63n - 1n, -(2n ** 63n)];
    const expected = [
      2 ** 53 - 1,
      "9007199254740992",
      "-9007199254740992",
      "9223372036854775807",
      "-9223372036854775808",
    ];
    await sql`create table big (n integer)`.execute(database.db);
    for (const [index, n] of numbers.entries()) {
      const { rows } = await sql`insert into big values (${n}) returning n, ${7n} as small`.execute(database.db);
      expect(rows).toEqual([{ n: expected[index], small: 7 }]);
    }
    for (const _ of [1, 2]) {
      const { rows } = await sql<{ n: unknown }>`select n from big order by rowid`.execute(database.db);
      expect(rows.map(({ n }) => n)).toEqual(expected);
    }
    const { rows: least } = await sql`select min(n) as n from big`.execute(database.db);
    expect(least).toEqual([{ n: "-9223372036854775808" }]);
    const { rows } = await sql`select cast(${-(2 ** 63)} as real) as n`.execute(database.db);
    expect(rows).toEqual([{ n: -(2 ** 63) }]);
  });
});

test("an insert returns the id and the number of inserted rows, an update the number of changed rows", async () => {
  expect(await insert("a")).toMatchObject({ insertId: 1n, numInsertedOrUpdatedRows: 1n });
  await insert("b");
  const updated = await database.db
    .updateTable("note")
    .set((expression) => ({ text: sql`${expression.ref("text")} || '!'` }))
    .executeTakeFirstOrThrow();
  expect(updated.numUpdatedRows).toBe(2n);
});

test("rows can be streamed", async () => {
  for (const text of ["a", "b", "c"]) await insert(text);
  const streamed: string[] = [];
  for await (const { text } of database.db.selectFrom("note").select("text").stream(2)) streamed.push(text);
  expect(streamed).toEqual(["a", "b", "c"]);
});

describe("an error", () => {
  test("has SQLite's message and code", async () => {
    await insert("a");
    await expect(insert("a")).rejects.toMatchObject({
      name: "SqliteError",
      message: "UNIQUE constraint failed: note.text",
      code: "SQLITE_CONSTRAINT",
      resultCode: 2067,
    });
    await expect(sql`select * from nowhere`.execute(database.db)).rejects.toMatchObject({ code: "SQLITE_ERROR" });
  });

  test("after the timeout for another process's lock is SQLITE_BUSY", async () => {
    const other = await openDatabase<Notes>(`sqlite:${join(folder, "notes.sqlite")}`);
    await other.db.transaction().execute(async (transaction) => {
      await transaction.insertInto("note").values({ text: "a" }).execute();
      await expect(insert("b")).rejects.toMatchObject({ code: "SQLITE_BUSY" });
    });
    await other.close();
  });
});
