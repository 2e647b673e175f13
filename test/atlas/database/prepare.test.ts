import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { chmod, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { sql } from "kysely";
import { type Database, openDatabase } from "tributary-graphql/sql";
import { describe, expect, onTestFinished, test } from "vitest";
import { tableNames } from "../../../atlas/database/objects.ts";
import { prepareDatabase } from "../../../atlas/database/prepare.ts";
import type { AtlasDatabase } from "../../../datasources/database.ts";
import { type TestDatabaseName, testDatabases, useBlankDatabases } from "../../support/databases.ts";
import { fewCities, fewRows } from "./few-rows.ts";

const killedProcess = fileURLToPath(new URL("./killed-process.ts", import.meta.url));

describe.each(testDatabases)("on %s", (name) => {
  const blank = useBlankDatabases(name);

  test.each(["cities", "search terms", "indexes"])(
    "after a process was killed at the step %s, the next one fills the database, and a third one finds it filled",
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

  test("of two processes at once, one fills the database and the other waits for it", async () => {
    const url = await blank();
    // Shorter than filling, so that the retry after SQLITE_BUSY is tested.
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

  test("progress is reported in increasing order up to the total", async () => {
    const database = await openDatabase<AtlasDatabase>(await blank());
    const steps: [number, number, string][] = [];
    try {
      await prepareDatabase(database, { readRows: fewRows, onProgress: (...step) => steps.push(step) });
    } finally {
      await database.close();
    }
    expect([...new Set(steps.map(([, , label]) => label))]).toEqual(["cities", "airports", "search terms", "indexes"]);
    expect(steps.map(([done]) => done)).toEqual(steps.map(([done]) => done).toSorted((a, b) => a - b));
    expect(steps.at(-1)?.[0]).toBe(steps.at(-1)?.[1]);
  });

  test("after a failed seed, the next one starts from the beginning", async () => {
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

  test("a database with an older seed version is filled again, once", async () => {
    const database = await openDatabase<AtlasDatabase>(await blank());
    try {
      await prepareDatabase(database, { readRows: fewRows });
      await sql`update atlas_seed set version = version - 1`.execute(database.db);
      await sql`update city set name = 'old name'`.execute(database.db);
      await sql`alter table search_term drop column words`.execute(database.db);
      expect(await prepareDatabase(database, { readRows: fewRows })).toEqual({ seeded: true });
      expect(await prepareDatabase(database, { readRows: fewRows })).toEqual({ seeded: false });
      const cities = await database.db.selectFrom("city").select("id").where("name", "=", "old name").execute();
      expect(cities).toEqual([]);
      expect(await database.db.selectFrom("search_term").select("words").limit(1).execute()).toHaveLength(1);
    } finally {
      await database.close();
    }
  });

  test.each(["city", "airport", "atlas_migration"])(
    "a table %s that Atlas did not create is an error of one line, also with `addToOthers`, and is not changed",
    async (table) => {
      const database = await openDatabase<AtlasDatabase>(await blank());
      try {
        await sql`create table ${sql.table(table)} (mayor varchar(20))`.execute(database.db);
        await sql`insert into ${sql.table(table)} (mayor) values ('Ann')`.execute(database.db);
        for (const addToOthers of [false, true])
          await expect(prepareDatabase(database, { addToOthers })).rejects.toThrow(
            `Expected no table "${table}", found one that Atlas did not create. Nothing was changed: use another database.`,
          );
        expect((await sql`select * from ${sql.table(table)}`.execute(database.db)).rows).toEqual([{ mayor: "Ann" }]);
        expect(await tableNames(database.db, database.kind)).toEqual(new Set([table]));
      } finally {
        await database.close();
      }
    },
  );

  test("a database with other tables is an error of one line with a solution, and is filled with `addToOthers`", async () => {
    const database = await openDatabase<AtlasDatabase>(await blank());
    const tables = ["album", "artist", "genre", "track"];
    try {
      for (const table of tables) await sql`create table ${sql.table(table)} (id integer)`.execute(database.db);
      await expect(prepareDatabase(database)).rejects.toThrow(
        `Expected an empty database, or one that Atlas has filled before, found "album", "artist", "genre" and 1 more. Nothing was changed: use another database, or add Atlas' tables to this one with "npm run atlas:fill".`,
      );
      expect(await tableNames(database.db, database.kind)).toEqual(new Set(tables));
      expect(await prepareDatabase(database, { readRows: fewRows, addToOthers: true })).toEqual({ seeded: true });
      expect(await prepareDatabase(database, { readRows: fewRows })).toEqual({ seeded: false });
      const filled = await tableNames(database.db, database.kind);
      expect(filled.isSupersetOf(new Set([...tables, "city", "airport", "search_term"]))).toBe(true);
    } finally {
      await database.close();
    }
  });

  test("a database with only a view is not empty", async () => {
    const database = await openDatabase<AtlasDatabase>(await blank());
    try {
      await sql`create view answer as select 42 as value`.execute(database.db);
      await expect(prepareDatabase(database)).rejects.toThrow(
        /^Expected an empty database, .*, found "answer"\. Nothing/,
      );
    } finally {
      await database.close();
    }
  });
});

/** Database objects other than tables. */
const otherObjects: readonly [name: string, database: TestDatabaseName, statement: string][] = [
  ["a table in another schema", "postgres", "create schema shop create table album (id integer)"],
  ["a sequence", "postgres", "create sequence album"],
  ["an enumeration", "postgres", "create type album as enum ('live')"],
  ["a domain", "postgres", "create domain album as text"],
  ["a function", "postgres", "create function album() returns integer language sql as 'select 1'"],
  ["a procedure", "mariadb", "create procedure album() select 1"],
];

describe.each(otherObjects)("a database with %s", (_name, kind, statement) => {
  const blank = useBlankDatabases(kind);

  test(`on ${kind} is not empty`, async () => {
    const database = await openDatabase<AtlasDatabase>(await blank());
    try {
      await sql.raw(statement).execute(database.db);
      await expect(prepareDatabase(database)).rejects.toThrow(
        /^Expected an empty database, .*, found "album"\. Nothing/,
      );
    } finally {
      await database.close();
    }
  });
});

describe("on postgres", () => {
  const blank = useBlankDatabases("postgres");

  test("a database with the objects of an extension is empty", async () => {
    const database = await openDatabase<AtlasDatabase>(await blank());
    try {
      await sql`create extension if not exists pg_trgm`.execute(database.db);
      expect(await prepareDatabase(database, { readRows: fewRows })).toEqual({ seeded: true });
    } finally {
      await database.close();
    }
  });
});

describe("an SQLite file of another application", () => {
  test("is an error without a change of the file, and without an additional file", async () => {
    const folder = await mkdtemp(join(tmpdir(), "tributary-prepare-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, "own.sqlite");
    const own = new DatabaseSync(file);
    own.exec("create table album (id integer primary key)");
    own.close();
    const before = await readFile(file);
    const database = await openDatabase<AtlasDatabase>(`sqlite:${file}`);
    await expect(prepareDatabase(database)).rejects.toThrow(/^Expected an empty database/);
    await database.close();
    expect((await readFile(file)).equals(before)).toBe(true);
    expect(await readdir(folder)).toEqual(["own.sqlite"]);
  });
});

const mayNotCreate =
  'The database is not filled yet, and its role may not create tables there. Fill it once with a role that may: set DATABASE_URL to it for "npm run atlas:fill".';

describe("a role that may not create tables", () => {
  const blankPostgres = useBlankDatabases("postgres");
  const blankMariadb = useBlankDatabases("mariadb");
  const blankSqlite = useBlankDatabases("sqlite");

  test("of PostgreSQL gets an error of one line, and can read a database that another role has filled", async () => {
    await expectReadOnlyRole(await blankPostgres(), async (owner, reader) => {
      await sql`create role ${sql.id(reader)} login password 'only reads'`.execute(owner.db);
      await sql`grant select on all tables in schema public to ${sql.id(reader)}`.execute(owner.db);
      return async () => {
        await sql`drop owned by ${sql.id(reader)}`.execute(owner.db);
        await sql`drop role ${sql.id(reader)}`.execute(owner.db);
      };
    });
  });

  test("of MariaDB gets an error of one line, and can read a database that another role has filled", async () => {
    await expectReadOnlyRole(await blankMariadb(), async (owner, reader) => {
      await sql`create user ${sql.id(reader)} identified by 'only reads'`.execute(owner.db);
      const { rows } = await sql<{ name: string }>`select database() as name`.execute(owner.db);
      await sql`grant select on ${sql.id(rows[0]?.name ?? "")}.* to ${sql.id(reader)}`.execute(owner.db);
      return async () => {
        await sql`drop user ${sql.id(reader)}`.execute(owner.db);
      };
    });
  });

  test.skipIf(process.getuid?.() === 0)("of a read-only SQLite file gets an error of one line", async () => {
    const url = await blankSqlite();
    await chmod(url.slice("sqlite:".length), 0o400);
    const database = await openDatabase<AtlasDatabase>(url);
    try {
      await expect(prepareDatabase(database)).rejects.toThrow(mayNotCreate);
    } finally {
      await database.close();
    }
  });
});

/** @param grant creates a role that may read all tables of the owner's database; returns a function that drops it */
async function expectReadOnlyRole(
  url: string,
  grant: (owner: Database<AtlasDatabase>, reader: string) => Promise<() => Promise<void>>,
): Promise<void> {
  const owner = await openDatabase<AtlasDatabase>(url);
  const name = `tributary_test_${randomUUID().slice(0, 8)}`;
  const readerUrl = Object.assign(new URL(url), { username: name, password: "only reads" }).href;
  const prepareAsReader = async () => {
    const revoke = await grant(owner, name);
    const reader = await openDatabase<AtlasDatabase>(readerUrl, { poolSize: 1 });
    try {
      return await prepareDatabase(reader, { readRows: fewRows }).catch((error: Error) => error.message);
    } finally {
      await reader.close();
      await revoke();
    }
  };
  try {
    expect(await prepareAsReader()).toBe(mayNotCreate);
    await prepareDatabase(owner, { readRows: fewRows });
    expect(await prepareAsReader()).toEqual({ seeded: false });
  } finally {
    await owner.close();
  }
}

async function countCities({ db }: Database<AtlasDatabase>): Promise<number> {
  const { count } = await db
    .selectFrom("city")
    .select((expression) => expression.fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return count;
}
