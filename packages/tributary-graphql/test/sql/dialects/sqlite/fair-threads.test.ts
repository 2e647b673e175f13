import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CallLog } from "../../../../src/core/call-log.ts";
import type { Database } from "../../../../src/sql/database.ts";
import { openDatabase } from "../../../../src/sql/open.ts";
import { createReads } from "../../../../src/sql/reads.ts";

interface Words {
  word: { id: number; text: string };
}

let folder: string;
let database: Database<Words>;
let gone: AbortController;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tributary-sqlite-"));
  gone = new AbortController();
  database = await openDatabase<Words>(`sqlite:${join(folder, "words.sqlite")}`, {
    readers: 2,
    maxWaiting: 300,
    createFile: true,
  });
  await sql`create table word (id integer primary key, text text not null)`.execute(database.db);
  await sql`insert into word values (1, 'one')`.execute(database.db);
});

afterEach(async () => {
  gone.abort(new Error("the test is over"));
  await database.close();
  await rm(folder, { recursive: true });
});

const request = () => createReads(database, { calls: new CallLog(), signal: AbortSignal.any([gone.signal]) });
const load = () => request().oneByKey({ call: "word", table: "word", key: "id" }).load(1);

/** Keeps a thread busy for a while. */
const slow = sql<{
  n: number;
}>`with recursive counter(n) as (select 1 union all select n + 1 from counter where n < 300000)
  select max(n) as n from counter`;

test("200 slow queries of one request leave a thread for others", async () => {
  const one = request();
  let finished = 0;
  const queries = Array.from({ length: 200 }, () => one.query("slow", 1, slow).then(() => finished++));
  const settled = Promise.allSettled(queries);
  for (let number = 0; number < 5; number++) expect(await load()).toMatchObject({ text: "one" });
  expect(finished).toBeLessThan(50);
  gone.abort(new Error("nobody waits any more"));
  await settled;
});

test("200 slow requests do not block a request that reads another table", async () => {
  let finished = 0;
  const queries = Array.from({ length: 200 }, () =>
    request()
      .query("slow", 1, slow)
      .then(() => finished++),
  );
  const settled = Promise.allSettled(queries);
  expect(await load()).toMatchObject({ text: "one" });
  expect(finished).toBeLessThan(50);
  gone.abort(new Error("nobody waits any more"));
  await settled;
});

test("queries above maxWaiting are rejected as OVERLOADED", async () => {
  const one = request();
  const codes = Array.from({ length: 400 }, () =>
    one.query("slow", 1, slow).catch((error: { code?: string }) => error.code),
  );
  expect(await load()).toMatchObject({ text: "one" });
  gone.abort(new Error("nobody waits any more"));
  expect((await Promise.all(codes)).filter((code) => code === "OVERLOADED").length).toBeGreaterThanOrEqual(99);
});

test("queries that are cancelled while they wait leave all threads available", async () => {
  for (let round = 0; round < 30; round++) {
    const controller = new AbortController();
    const reads = createReads(database, { calls: new CallLog(), signal: controller.signal });
    const given = Promise.allSettled(Array.from({ length: 5 }, () => reads.query("slow", 1, slow)));
    await new Promise((resolve) => (round % 2 === 0 ? setImmediate(resolve) : setTimeout(resolve, round)));
    controller.abort(new Error("the client has left"));
    await given;
  }
  expect(await Promise.all([load(), load(), load()])).toHaveLength(3);
});
