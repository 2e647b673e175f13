import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import type { AtlasDatabase } from "../../../datasources/database.ts";
import { type Database, openDatabase } from "../../../datasources/sql/open.ts";
import { prepareDatabase } from "../../../demo/database/prepare.ts";
import { testDatabases, useBlankDatabases } from "../../support/databases.ts";

const seedingProcess = fileURLToPath(new URL("./seeding-process.ts", import.meta.url));

describe.each(testDatabases)("on %s", (name) => {
  const blank = useBlankDatabases(name);

  test("a process that is killed half way leaves nothing in the way of the next, and a third finds all done", async () => {
    const url = await blank();
    await killAt(url, "search terms");
    const database = await openDatabase<AtlasDatabase>(url);
    try {
      const labels = new Set<string>();
      const onProgress = (_done: number, _total: number, label: string) => labels.add(label);
      expect(await prepareDatabase(database, { onProgress })).toEqual({ seeded: true });
      expect([...labels]).toEqual(["cities", "airports", "search terms", "indexes"]);
      expect(await countCities(database)).toBe(135_233);
      expect(await prepareDatabase(database)).toEqual({ seeded: false });
    } finally {
      await database.close();
    }
  });

  test("of two processes that start at once, one fills the database and the other waits for it", async () => {
    const url = await blank();
    const databases = await Promise.all([openDatabase<AtlasDatabase>(url), openDatabase<AtlasDatabase>(url)]);
    try {
      const prepared = await Promise.all(databases.map((database) => prepareDatabase(database)));
      expect(prepared.map(({ seeded }) => seeded).sort()).toEqual([false, true]);
      expect(await Promise.all(databases.map(countCities))).toEqual([135_233, 135_233]);
    } finally {
      await Promise.all(databases.map((database) => database.close()));
    }
  });

  test("a table of somebody else's is refused with one line, and stays as it was", async () => {
    const database = await openDatabase<AtlasDatabase>(await blank());
    try {
      await sql`create table city (mayor varchar(20))`.execute(database.db);
      await sql`insert into city (mayor) values ('Ann')`.execute(database.db);
      await expect(prepareDatabase(database)).rejects.toThrow(
        /^Expected an empty database, found a table "city" that Atlas did not create; use another one\.$/,
      );
      expect((await sql`select * from city`.execute(database.db)).rows).toEqual([{ mayor: "Ann" }]);
    } finally {
      await database.close();
    }
  });
});

/** Fills the database in a process of its own, and kills it when it says that it has come to `label`. */
async function killAt(url: string, label: string): Promise<void> {
  const child = spawn(process.execPath, [seedingProcess, url], { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(child, "exit");
  for await (const line of createInterface(child.stdout)) {
    if (line === label) child.kill("SIGKILL");
  }
  expect(await exited).toEqual([null, "SIGKILL"]);
}

async function countCities({ db }: Database<AtlasDatabase>): Promise<number> {
  const { count } = await db
    .selectFrom("city")
    .select((expression) => expression.fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return count;
}
