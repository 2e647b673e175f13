import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { sql } from "kysely";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Database } from "../../../../src/sql/database.ts";
import { databaseError } from "../../../../src/sql/errors/database-error.ts";
import { openDatabase } from "../../../../src/sql/open.ts";

interface Notes {
  note: { text: string };
}

const postMessage = vi.spyOn(Worker.prototype, "postMessage");

let folder: string;
let database: Database<Notes>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tributary-sqlite-"));
  database = await openDatabase<Notes>(`sqlite:${join(folder, "notes.sqlite")}`, { readers: 1, createFile: true });
  await sql`create table note (text text)`.execute(database.db);
});

afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

/** Ends the thread that got the last query. */
const crash = () => (postMessage.mock.contexts.at(-1) as Worker | undefined)?.terminate();

const insert = (text: string) => database.db.insertInto("note").values({ text }).execute();

const texts = async () => (await database.db.selectFrom("note").select("text").execute()).map(({ text }) => text);

/** Keeps the only reader busy until it crashes; resolves to the error. */
async function startEndlessQuery(): Promise<Promise<unknown>[]> {
  const endless = sql`with recursive counter(n) as (select 1 union all select n + 1 from counter)
    select n from counter`.execute(database.db);
  const failure = endless.then(
    () => undefined,
    (error: unknown) => error,
  );
  await vi.waitFor(() => expect(String(postMessage.mock.lastCall?.[0]?.sql)).toContain("counter"));
  return [failure];
}

test("a query whose thread ends fails as UPSTREAM_UNAVAILABLE, and the next one gets a new thread", async () => {
  const [failure] = await startEndlessQuery();
  await crash();
  expect(await failure).toMatchObject({ code: "SQLITE_WORKER_GONE" });
  expect(databaseError(await failure)).toMatchObject({ code: "UPSTREAM_UNAVAILABLE", source: "database" });
  expect(await texts()).toEqual([]);
});

test("an idle thread that ends is replaced without an error", async () => {
  await texts();
  await crash();
  await insert("a");
  await crash();
  await insert("b");
  expect(await texts()).toEqual(["a", "b"]);
});

test("queries that wait for a thread that ends run on its successor", async () => {
  await startEndlessQuery();
  const others = [texts(), texts()];
  await crash();
  expect(await Promise.all(others)).toEqual([[], []]);
});

test("a transaction whose thread ends is rolled back, and its later statements write nothing", async () => {
  const lost = database.db.transaction().execute(async (transaction) => {
    await transaction.insertInto("note").values({ text: "a" }).execute();
    await crash();
    await transaction
      .insertInto("note")
      .values({ text: "b" })
      .execute()
      .catch(() => {});
    await transaction.insertInto("note").values({ text: "c" }).execute();
  });
  await expect(lost).rejects.toThrow("SQLite has rolled back the transaction early.");
  await insert("d");
  expect(await texts()).toEqual(["d"]);
});
