import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { sql } from "kysely";
import { useBlankDatabases } from "tributary-testing/databases.ts";
import { canTrackStatements, needsPgBouncer, type PgBouncer, startPgBouncer } from "tributary-testing/pgbouncer.ts";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { CallLog } from "../../../../src/core/call-log.ts";
import type { Database } from "../../../../src/sql/database.ts";
import { openDatabase } from "../../../../src/sql/open.ts";
import { createReads } from "../../../../src/sql/reads.ts";
import type { Readings } from "../../support/reading-process.ts";

const readingProcess = fileURLToPath(new URL("../../support/reading-process.ts", import.meta.url));

describe.each([
  { tracksStatements: false, title: "that does not support prepared statements" },
  ...(canTrackStatements ? [{ tracksStatements: true, title: "that tracks prepared statements" }] : []),
])("behind a PgBouncer in transaction mode $title", ({ tracksStatements }) => {
  needsPgBouncer();
  const blank = useBlankDatabases("postgres");
  let server: Database<unknown>;
  let pgBouncer: PgBouncer;

  beforeEach(async () => {
    const url = await blank();
    server = await openDatabase(url, { poolSize: 1 });
    pgBouncer = await startPgBouncer(url, { poolSize: 3, tracksStatements });
    for (const table of ["apple", "berry"]) {
      await sql.raw(`create table ${table} (id integer primary key, text text not null)`).execute(server.db);
      await sql.raw(`insert into ${table} select n, '${table} ' || n from generate_series(1, 9) n`).execute(server.db);
    }
  });
  afterEach(async () => {
    await pgBouncer?.stop();
    await server?.close();
  });

  /** A separate process that is connected. */
  async function startReader(table: string): Promise<ChildProcess> {
    const child = fork(readingProcess, [pgBouncer.url, table], { execArgv: [] });
    onTestFinished(() => void child.kill("SIGKILL"));
    await Promise.race([once(child, "message"), once(child, "exit")]);
    return child;
  }

  /** Sends a message, and returns the readings so far. */
  async function tell(child: ChildProcess, message: "once" | "start" | "stop"): Promise<Readings> {
    const answered = once(child, "message");
    child.send(message);
    const [readings] = await answered;
    return readings;
  }

  const nothingElse = (right: number): Readings => ({ right, wrong: [], failed: [] });

  test("a process that gets a server connection with prepared statements of another process reads its own table", async () => {
    const [first, second] = await Promise.all([startReader("apple"), startReader("berry")]);
    const holder = await openDatabase(pgBouncer.url, { poolSize: 2 });
    onTestFinished(() => holder.close());
    expect(await tell(first, "once")).toEqual(nothingElse(1));
    // The next client gets the connection that was used last.
    await holder.db.transaction().execute(async (trx) => {
      await sql`select 1`.execute(trx);
      expect(await tell(second, "once")).toEqual(nothingElse(1));
      expect(await tell(first, "once")).toEqual(nothingElse(2));
    });
    expect(await tell(second, "once")).toEqual(nothingElse(2));
    expect(await tell(first, "once")).toEqual(nothingElse(3));
  });

  test("two processes each read their own table, also when one is killed and restarted", {
    timeout: 60_000,
  }, async () => {
    const [lasting, killed] = await Promise.all([startReader("apple"), startReader("berry")]);
    await Promise.all([tell(lasting, "start"), tell(killed, "start")]);
    killed.kill("SIGKILL");
    await once(killed, "exit");
    const next = await startReader("berry");
    await tell(next, "start");
    for (const child of [next, lasting]) {
      const { right, ...others } = await tell(child, "stop");
      expect({ isReading: right > 0, ...others }).toEqual({ isReading: true, wrong: [], failed: [] });
    }
  });

  test("a cancelled query is stopped in the server, and no other one is", async () => {
    const database = await openDatabase<{ apple: { id: number; text: string } }>(pgBouncer.url, { poolSize: 3 });
    onTestFinished(() => database.close());
    const readsUntil = (signal: AbortSignal) => createReads(database, { calls: new CallLog(), signal });
    const bystander = readsUntil(new AbortController().signal);
    for (let round = 0; round < 10; round++) {
      const gone = new AbortController();
      const slow = readsUntil(gone.signal).query("slow", 1, sql`select pg_sleep(30)`);
      const given = expect(slow).rejects.toThrow("the client has left");
      setTimeout(() => gone.abort(new Error("the client has left")), 5 * round);
      const read = await bystander.query<{ id: number }>("other", 1, sql`select id from apple, pg_sleep(0.02) limit 1`);
      expect(read).toHaveLength(1);
      await given;
    }
    const running = sql`select query from pg_stat_activity where state = 'active' and query like 'select pg_sleep(30)%'`;
    await vi.waitFor(async () => expect((await running.execute(server.db)).rows).toEqual([]), { timeout: 5_000 });
  });

  test("each transaction uses one connection, and all processes read its changes", async () => {
    const database = await openDatabase<{ apple: { id: number; text: string } }>(pgBouncer.url, { poolSize: 6 });
    onTestFinished(() => database.close());
    await Promise.all(
      Array.from({ length: 12 }, (_unused, index) =>
        createReads(database, { calls: new CallLog(), signal: new AbortController().signal }).write(
          "addApple",
          async (trx) => {
            const id = 100 + index;
            await trx.insertInto("apple").values({ id, text: "new" }).execute();
            await trx
              .updateTable("apple")
              .set({ text: `new ${id}` })
              .where("id", "=", id)
              .execute();
          },
        ),
      ),
    );
    const rows = await database.db.selectFrom("apple").select(["id", "text"]).where("id", ">=", 100).execute();
    expect(rows.map(({ id, text }) => text === `new ${id}`)).toEqual(Array.from({ length: 12 }, () => true));
  });
});
