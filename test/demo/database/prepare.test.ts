import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import type { AtlasDatabase } from "../../../datasources/database.ts";
import { type Database, openDatabase } from "../../../datasources/sql/open.ts";
import { prepareDatabase } from "../../../demo/database/prepare.ts";
import { testDatabases, useBlankDatabases } from "../../support/databases.ts";
import { fewCities, fewRows } from "./few-rows.ts";

const killedProcess = fileURLToPath(new URL("./killed-process.ts", import.meta.url));

describe.each(testDatabases)("on %s", (name) => {
  const blank = useBlankDatabases(name);

  test.each(["cities", "search terms", "indexes"])(
    "a process that is killed at its %s leaves nothing in the way of the next, and a third finds all done",
    async (label) => {
      const url = await blank();
      const child = spawn(process.execPath, [killedProcess, url, label], { stdio: "inherit" });
      expect(await once(child, "exit")).toEqual([null, "SIGKILL"]);
      const database = await openDatabase<AtlasDatabase>(url);
      try {
        expect(await prepareDatabase(database, { readRows: fewRows })).toEqual({ seeded: true });
        expect(await countCities(database)).toBe(fewCities);
        expect(await prepareDatabase(database, { readRows: fewRows })).toEqual({ seeded: false });
      } finally {
        await database.close();
      }
    },
  );

  test("of two that start at once, one fills the database and the other waits for it", async () => {
    const url = await blank();
    // Filling takes longer than SQLite may wait for a lock, so waiting for it is up to us.
    const options = { busyTimeoutMs: 1 };
    const databases = [
      await openDatabase<AtlasDatabase>(url, options),
      await openDatabase<AtlasDatabase>(url, options),
    ];
    try {
      const prepared = await Promise.all(databases.map((database) => prepareDatabase(database, { readRows: fewRows })));
      expect(prepared.map(({ seeded }) => seeded).sort()).toEqual([false, true]);
      expect(await Promise.all(databases.map(countCities))).toEqual([fewCities, fewCities]);
    } finally {
      await Promise.all(databases.map((database) => database.close()));
    }
  });

  test("progress is told in order and ends with all of it done", async () => {
    const database = await openDatabase<AtlasDatabase>(await blank());
    const told: [number, number, string][] = [];
    try {
      await prepareDatabase(database, { readRows: fewRows, onProgress: (...step) => told.push(step) });
    } finally {
      await database.close();
    }
    expect([...new Set(told.map(([, , label]) => label))]).toEqual(["cities", "airports", "search terms", "indexes"]);
    expect(told.map(([done]) => done)).toEqual(told.map(([done]) => done).toSorted((a, b) => a - b));
    expect(told.at(-1)?.[0]).toBe(told.at(-1)?.[1]);
  });

  test("a seed that fails has the next one start anew", async () => {
    const database = await openDatabase<AtlasDatabase>(await blank());
    const { city, ...others } = await fewRows();
    const readRows = async () => ({ ...others, city: [...city, ...city.slice(-1)] });
    try {
      await expect(prepareDatabase(database, { readRows })).rejects.toThrow();
      expect(await prepareDatabase(database, { readRows: fewRows })).toEqual({ seeded: true });
    } finally {
      await database.close();
    }
  });

  test("a database that an older seed has filled is filled anew, once", async () => {
    const database = await openDatabase<AtlasDatabase>(await blank());
    try {
      await prepareDatabase(database, { readRows: fewRows });
      await sql`update atlas_seed set version = version - 1`.execute(database.db);
      await sql`update city set name = 'as it was'`.execute(database.db);
      await sql`alter table search_term drop column words`.execute(database.db);
      expect(await prepareDatabase(database, { readRows: fewRows })).toEqual({ seeded: true });
      expect(await prepareDatabase(database, { readRows: fewRows })).toEqual({ seeded: false });
      const cities = await database.db.selectFrom("city").select("id").where("name", "=", "as it was").execute();
      expect(cities).toEqual([]);
      expect(await database.db.selectFrom("search_term").select("words").limit(1).execute()).toHaveLength(1);
    } finally {
      await database.close();
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

async function countCities({ db }: Database<AtlasDatabase>): Promise<number> {
  const { count } = await db
    .selectFrom("city")
    .select((expression) => expression.fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return count;
}
