import { sql } from "kysely";
import { useBlankDatabases } from "tributary-testing/databases.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CallLog } from "../../../src/core/call-log.ts";
import type { Database } from "../../../src/sql/database.ts";
import { openDatabase } from "../../../src/sql/open.ts";
import { createReads } from "../../../src/sql/reads.ts";

interface Tables {
  cup: { id: string; day: string; size: number };
  mug: { id: number; day: string | null; mood: string | null; even: string | null; price: string | null };
}

const uuid = (index: number) => `0d9f1a3e-6e1c-4b7a-9b1e-${String(index).padStart(12, "0")}`;

/** Only PostgreSQL fails a whole batch for one invalid key; for the other databases the readers convert keys. */
describe("the number of statements for an invalid key on PostgreSQL", () => {
  const blank = useBlankDatabases("postgres");
  let database: Database<Tables> | undefined;
  beforeAll(async () => {
    const url = await blank().catch(() => undefined);
    if (url === undefined) return;
    database = await openDatabase<Tables>(url, { poolSize: 2 });
    await sql`create table cup (id uuid primary key, day date, size integer)`.execute(database.db);
    for (const index of [1, 2, 3])
      await sql`insert into cup values (${uuid(index)}, ${`2024-01-0${index}`}, ${index})`.execute(database.db);
  });
  afterAll(() => database?.close());

  function request() {
    if (database === undefined) throw new Error("The database is open only while the tests run.");
    const calls = new CallLog();
    const reads = createReads(database, { calls, signal: new AbortController().signal });
    const statements = () => calls.entries.map(({ keys, failed = false }) => ({ keys, failed }));
    return { reads, statements, database };
  }

  test("is one more for a built-in type, once; later such keys are not sent", async () => {
    const keys = [uuid(1), "undefined", uuid(2).toUpperCase(), uuid(9)];
    const ask = async () => {
      const { reads, statements } = request();
      const cups = reads.oneByKey({ call: "cups", table: "cup", key: "id" });
      const found = await Promise.all(keys.map((key) => cups.load(key)));
      expect(found.map((cup) => cup?.size)).toEqual([1, undefined, 2, undefined]);
      return statements();
    };
    expect(await ask()).toEqual([
      { keys: 4, failed: true },
      { keys: 3, failed: false },
    ]);
    expect(await ask()).toEqual([{ keys: 3, failed: false }]);
  });

  test("is that of a bisection for a type that only the server can validate", async () => {
    const { reads, statements } = request();
    const cups = reads.manyByKey({ call: "cups", table: "cup", key: "day" });
    const days = ["2024-01-01", "2024-01-02", "2024-01-03", "undefined"];
    const found = await Promise.all(days.map((day) => cups.load(day)));
    expect(found.map((rows) => rows.map(({ size }) => size))).toEqual([[1], [2], [3], []]);
    expect(statements()).toEqual([
      { keys: 4, failed: true },
      { keys: 4, failed: true },
      { keys: 2, failed: false },
      { keys: 2, failed: true },
      { keys: 1, failed: false },
      { keys: 1, failed: true },
      { keys: 3, failed: false },
    ]);
  });

  test("is one without an invalid key", async () => {
    const { reads, statements } = request();
    const exists = reads.existsByParent({ call: "hasCup", table: "cup", parent: "day" });
    expect(await Promise.all(["2024-01-01", "2025-01-01"].map((day) => exists.load(day)))).toEqual([true, false]);
    expect(statements()).toEqual([{ keys: 2, failed: false }]);
  });

  test("does not matter for an error that no key causes: the load fails", async () => {
    const { reads, statements } = request();
    const where = () => sql<boolean>`10 / (size - 1) > 0`;
    const cups = reads.manyByKey({ call: "cups", table: "cup", key: "id", where });
    await expect(cups.load(uuid(1))).rejects.toMatchObject({ code: "22012" });
    expect(statements()[0]).toEqual({ keys: 1, failed: true });
  });

  test("does not matter within a transaction, where an invalid key fails nothing", async () => {
    const { reads, database } = request();
    await database.db.transaction().execute(async (trx) => {
      const cups = reads.within(trx).oneByKey({ call: "cups", table: "cup", key: "size" });
      const found = await Promise.all([1, "undefined"].map((key) => cups.load(key as number)));
      expect(found.map((cup) => cup?.id)).toEqual([uuid(1), undefined]);
      expect(await cups.load(2)).toMatchObject({ id: uuid(2) });
    });
  });

  test("does not matter within a transaction, where keys that only the server can validate fail nothing and undo no concurrent write", async () => {
    const { reads, database } = request();
    await sql`create type mood as enum ('sad', 'it''s ok')`.execute(database.db);
    await sql`create domain even as integer check (value % 2 = 0)`.execute(database.db);
    await sql`create table mug (id integer, day date, mood mood, even even, price numeric(4, 2))`.execute(database.db);
    await sql`insert into mug values (1, '2024-01-01', 'it''s ok', 2, 9.5)`.execute(database.db);
    const odd = ["undefined", "'); drop table mug; --", "$$", "\\", "1e400", "2024-13-01", "3"];
    await database.db.transaction().execute(async (trx) => {
      const inside = reads.within(trx);
      const find = async (key: "day" | "mood" | "even" | "price", good: string) => {
        const mugs = inside.manyByKey({ call: "mugs", table: "mug", key });
        const written = trx
          .insertInto("mug")
          .values({ id: 9, day: null, mood: null, even: null, price: null })
          .execute();
        const found = await Promise.all([good, ...odd].map((value) => mugs.load(value)));
        await written;
        expect(
          found.map((rows) => rows.length),
          key,
        ).toEqual([1, ...odd.map(() => 0)]);
      };
      await Promise.all([find("day", "2024-01-01"), find("mood", "it's ok")]);
      await find("even", "2");
      await find("price", "9.50");
      const both = inside.existsByParent({ call: "both", table: "mug", parent: ["day", "price"] });
      const days = ["2024-01-01", "2024-01-33"];
      expect(await Promise.all(days.map((day) => both.load({ day, price: "9.5" })))).toEqual([true, false]);
    });
    expect(await database.db.selectFrom("mug").select("id").where("id", "=", 9).execute()).toHaveLength(4);
  });
});
