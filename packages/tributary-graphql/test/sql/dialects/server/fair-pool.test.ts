import { sql } from "kysely";
import { useBlankDatabases } from "tributary-testing/databases.ts";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { CallLog } from "../../../../src/core/call-log.ts";
import type { Database } from "../../../../src/sql/database.ts";
import { openDatabase } from "../../../../src/sql/open.ts";
import { createReads } from "../../../../src/sql/reads.ts";

interface Words {
  word: { id: number; text: string };
  letter: { id: number; text: string };
}

const poolSize = 10;

const sleep = { postgres: sql`select pg_sleep(30)`, mysql: sql`select sleep(30)`, sqlite: sql`select 1` };

const lock = {
  postgres: (table: string) => [`begin`, `lock table ${table} in access exclusive mode`],
  mysql: (table: string) => [`lock tables ${table} write`],
  sqlite: () => [],
};

const unlock = { postgres: "rollback", mysql: "unlock tables", sqlite: "select 1" };

/** The statements of other connections that sleep or wait in the server. */
const running = {
  postgres: sql<{ text: string }>`select query as text from pg_stat_activity where datname = current_database()
    and state = 'active' and pid <> pg_backend_pid()`,
  mysql: sql<{ text: string }>`select info as text from information_schema.processlist where db = database()
    and command <> 'Sleep' and id <> connection_id()`,
  sqlite: sql<{ text: string }>`select 1`,
};

describe.each(["postgres", "mariadb"] as const)("a pool of ten connections, on %s", (name) => {
  const blank = useBlankDatabases(name);
  let database: Database<Words>;
  let admin: Database<Words>;
  let gone: AbortController;

  const request = () => createReads(database, { calls: new CallLog(), signal: AbortSignal.any([gone.signal]) });
  const load = (table: "word" | "letter") => request().oneByKey({ call: table, table, key: "id" }).load(1);

  beforeEach(async () => {
    const url = await blank();
    gone = new AbortController();
    database = await openDatabase(url, { poolSize, maxWaiting: 400 });
    admin = await openDatabase(url, { poolSize: 2 });
    for (const table of ["word", "letter"]) {
      await sql.raw(`create table ${table} (id integer primary key, text varchar(20))`).execute(admin.db);
      await sql.raw(`insert into ${table} values (1, 'one')`).execute(admin.db);
    }
  });
  afterEach(async () => {
    gone?.abort(new Error("the test is over"));
    await database?.close();
    await admin?.close();
  });

  const answersOf = async (reads: readonly Promise<unknown>[]) =>
    (await Promise.allSettled(reads)).filter(({ status }) => status === "fulfilled").length;

  test("200 blocked requests leave connections for 50 others and for readiness", async () => {
    const blocked = Array.from({ length: 200 }, () => request().query("slow", 1, sleep[database.kind]));
    const settled = Promise.allSettled(blocked);
    expect(await answersOf(Array.from({ length: 50 }, () => load("word")))).toBe(50);
    await database.ping(AbortSignal.timeout(10_000));
    gone.abort(new Error("nobody waits any more"));
    expect((await settled).filter(({ status }) => status === "fulfilled")).toEqual([]);
  });

  test("200 reads of one blocked request leave connections for 50 others", async () => {
    const one = request();
    const calls = Array.from({ length: 200 }, (_, index) => one.query(`slow${index % 20}`, 1, sleep[database.kind]));
    const settled = Promise.allSettled(calls);
    expect(await answersOf(Array.from({ length: 50 }, () => load("word")))).toBe(50);
    gone.abort(new Error("nobody waits any more"));
    await settled;
  });

  test("a locked table blocks only its own readers", async () => {
    await admin.db.connection().execute(async (connection) => {
      for (const statement of lock[database.kind]("word")) await sql.raw(statement).execute(connection);
      const blocked = Promise.allSettled(
        Array.from({ length: 100 }, (_, index) =>
          index % 2 ? load("word") : request().count({ call: "wordCount", table: "word" }).load(),
        ),
      );
      expect(await answersOf(Array.from({ length: 50 }, () => load("letter")))).toBe(50);
      await sql.raw(unlock[database.kind]).execute(connection);
      expect((await blocked).filter(({ status }) => status === "fulfilled")).toHaveLength(100);
    });
  });

  test("queries above maxWaiting are rejected as OVERLOADED, those of the largest request first", async () => {
    const one = request();
    const calls = Array.from({ length: 600 }, () => one.query("slow", 1, sleep[database.kind]));
    const refused = calls.map((call) => call.catch((error: { code?: string }) => error.code));
    expect(await load("word")).toMatchObject({ text: "one" });
    gone.abort(new Error("nobody waits any more"));
    const codes = await Promise.all(refused);
    expect(codes.filter((code) => code === "OVERLOADED")).toHaveLength(600 - 400 - poolSize / 2);
  });

  test("a query that is cancelled, at any moment, does not continue in the server", async () => {
    for (let round = 0; round < 30; round++) {
      const controller = new AbortController();
      const reads = createReads(database, { calls: new CallLog(), signal: controller.signal });
      const given = Promise.allSettled([1, 2, 3].map(() => reads.query("slow", 1, sleep[database.kind])));
      await new Promise((resolve) => (round % 3 === 0 ? setImmediate(resolve) : setTimeout(resolve, round / 3)));
      controller.abort(new Error("the client has left"));
      await given;
    }
    await vi.waitFor(
      async () =>
        expect(
          (await running[database.kind].execute(admin.db)).rows.filter(({ text }) => /sleep\(30/.test(text)),
        ).toEqual([]),
      { timeout: 5_000 },
    );
    expect(await load("word")).toMatchObject({ text: "one" });
  });
});
