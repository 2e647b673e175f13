import { sql } from "kysely";
import { useBlankDatabases } from "tributary-testing/databases.ts";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { CallLog } from "../../../../src/core/call-log.ts";
import type { Database } from "../../../../src/sql/database.ts";
import { databaseError } from "../../../../src/sql/errors/database-error.ts";
import { openDatabase } from "../../../../src/sql/open.ts";
import { createReads } from "../../../../src/sql/reads.ts";
import { type SilentProxy, startProxy } from "../../support/proxy.ts";

interface Words {
  word: { id: number; text: string };
}

const poolSize = 3;
const lateOrLost = /^(?:DEADLINE_EXCEEDED|UPSTREAM_UNAVAILABLE)$/;
/** The pool's own value. */
const checkAfterIdleMs = 5_000;
const timeouts = { connectTimeoutMs: 2_000, stopTimeoutMs: 200, statementTimeoutMs: 500 };

describe.each(["postgres", "mariadb"] as const)("behind a proxy that forwards nothing, on %s", (name) => {
  const blank = useBlankDatabases(name);
  let proxy: SilentProxy;
  let database: Database<Words>;

  const requestUntil = (signal: AbortSignal) => createReads(database, { calls: new CallLog(), signal });

  const load = (milliseconds: number) =>
    requestUntil(AbortSignal.timeout(milliseconds)).oneByKey({ call: "wordsById", table: "word", key: "id" }).load(1);

  const codesOf = async (results: readonly Promise<unknown>[]) =>
    new Set(
      (await Promise.allSettled(results)).map((result) =>
        result.status === "fulfilled" ? "fulfilled" : result.reason.code,
      ),
    );

  beforeEach(async () => {
    proxy = await startProxy(await blank());
    database = await openDatabase(proxy.url, { poolSize, ...timeouts });
    await sql`create table word (id integer primary key, text varchar(20) not null)`.execute(database.db);
    await sql`insert into word values (1, 'one')`.execute(database.db);
  });
  afterEach(async () => {
    proxy?.forward();
    await database?.close();
    await proxy?.close();
  });

  test("requests end at their deadline and readiness fails; both recover with the proxy", async () => {
    const many = Array.from({ length: 4 * poolSize }, () => load(5_000));
    expect(await codesOf(many)).toEqual(new Set(["fulfilled"]));
    proxy.silence();
    const codes = await codesOf(Array.from({ length: 4 * poolSize }, () => load(300)));
    expect([...codes].filter((code) => code !== "DEADLINE_EXCEEDED" && code !== "UPSTREAM_UNAVAILABLE")).toEqual([]);
    await expect(database.ping(AbortSignal.timeout(300))).rejects.toMatchObject({ source: "database" });
    proxy.forward();
    const back = Array.from({ length: 4 * poolSize }, () => load(5_000));
    expect(await codesOf([database.ping(AbortSignal.timeout(5_000)), ...back])).toEqual(new Set(["fulfilled"]));
  });

  test("a connection that stops responding within a transaction does not stay in the pool", async () => {
    const writes = Array.from({ length: poolSize }, (_, index) =>
      requestUntil(AbortSignal.timeout(800)).write("addWord", async (trx) => {
        await trx
          .insertInto("word")
          .values({ id: index + 2, text: "new" })
          .execute();
        proxy.silence();
        await trx.selectFrom("word").selectAll().execute();
      }),
    );
    expect([...(await codesOf(writes))].filter((code) => code === "fulfilled")).toEqual([]);
    proxy.forward();
    expect(await codesOf([load(5_000), database.ping(AbortSignal.timeout(5_000))])).toEqual(new Set(["fulfilled"]));
  });

  test("a commit without a response fails with the request, and its connection is closed", async () => {
    const write = requestUntil(AbortSignal.timeout(500)).write("addWord", async (trx) => {
      await trx.insertInto("word").values({ id: 9, text: "new" }).execute();
      proxy.silence();
    });
    await expect(write).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED" });
    proxy.forward();
    await expect(load(5_000)).resolves.toMatchObject({ text: "one" });
  });

  test("a write without a response to its begin or rollback fails, and its connection is closed", async () => {
    const atBegin = requestUntil(AbortSignal.timeout(400)).write("addWord", async (trx) => {
      await trx.insertInto("word").values({ id: 5, text: "new" }).execute();
    });
    proxy.silence();
    await expect(atBegin).rejects.toMatchObject({ code: expect.stringMatching(lateOrLost) });
    proxy.forward();
    expect(await codesOf([load(5_000)])).toEqual(new Set(["fulfilled"]));
    const atRollback = requestUntil(AbortSignal.timeout(400)).write("addWord", async (trx) => {
      await trx.insertInto("word").values({ id: 6, text: "new" }).execute();
      proxy.silence();
      throw new Error("changed my mind");
    });
    await expect(atRollback).rejects.toThrow();
    proxy.forward();
    expect(await codesOf([load(5_000)])).toEqual(new Set(["fulfilled"]));
    expect(await database.db.selectFrom("word").select("id").execute()).toEqual([{ id: 1 }]);
  });

  test("idle connections that have stopped responding are closed before a request uses them", async () => {
    await Promise.all(Array.from({ length: poolSize }, () => load(5_000)));
    proxy.silence();
    proxy.forward();
    await new Promise((resolve) => setTimeout(resolve, checkAfterIdleMs + 200));
    expect(await codesOf(Array.from({ length: 2 * poolSize }, () => load(4_000)))).toEqual(new Set(["fulfilled"]));
  }, 30_000);

  test("a query, a write and a ping without a signal end, and the pool has all connections again", async () => {
    await load(5_000);
    proxy.silence();
    const write = database.db.transaction().execute((trx) => trx.deleteFrom("word").execute());
    const query = sql`select text from word`.execute(database.db);
    const ended = await Promise.allSettled([write, query, database.ping()]);
    expect(ended.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    proxy.forward();
    expect(await codesOf(Array.from({ length: 2 * poolSize }, () => load(5_000)))).toEqual(new Set(["fulfilled"]));
  }, 30_000);

  test("a statement without a signal that times out is cancelled in the server, and is DEADLINE_EXCEEDED", async () => {
    const sleep = name === "postgres" ? sql`select pg_sleep(31)` : sql`select sleep(31)`;
    const error: unknown = await sleep.execute(database.db).catch(databaseError);
    expect(error).toMatchObject({ code: "DEADLINE_EXCEEDED", source: "database" });
    const running =
      name === "postgres"
        ? sql`select 1 from pg_stat_activity where query = 'select pg_sleep(31)' and state = 'active'`
        : sql`select 1 from information_schema.processlist where info = 'select sleep(31)'`;
    await vi.waitFor(async () => expect((await running.execute(database.db)).rows).toEqual([]));
  });

  test("connecting to a server that does not respond fails after the connect timeout", async () => {
    const other = await startProxy(proxy.url);
    other.silence();
    await expect(openDatabase(other.url, { poolSize, ...timeouts })).rejects.toThrow(
      /No connection to \w+ within 2000 ms/,
    );
    await other.close();
  });
});
