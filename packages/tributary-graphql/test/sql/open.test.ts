import { execFile } from "node:child_process";
import { chmod, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { sql } from "kysely";
import { testDatabases, useBlankDatabases } from "tributary-testing/databases.ts";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Database } from "../../src/sql/database.ts";
import { cancelOnAbort } from "../../src/sql/dialects/cancellation.ts";
import { openDatabase } from "../../src/sql/open.ts";

const sleepSeconds = {
  sqlite: sql`with recursive counter(n) as (select 1 union all select n + 1 from counter) select n from counter`,
  postgres: sql`select pg_sleep(30)`,
  mysql: sql`select sleep(30)`,
};

describe.each(testDatabases)("on %s", (name) => {
  const blank = useBlankDatabases(name);
  let database: Database<unknown>;

  beforeEach(async () => {
    database = await openDatabase(await blank(), { poolSize: 2, readers: 2 });
  });
  afterEach(() => database?.close());

  test("an open database responds, and has its strategy for rows per parent", async () => {
    await database.ping();
    const expected = {
      sqlite: { kind: "sqlite", topPerParent: "correlated" },
      postgres: { kind: "postgres", topPerParent: "lateral" },
      mariadb: { kind: "mysql", topPerParent: expect.stringMatching(/^(union|lateral)$/) },
    }[name];
    expect({ kind: database.kind, topPerParent: database.topPerParent }).toEqual(expected);
  });

  test("numbers are read as numbers: a count, an integer, a double with all digits", async () => {
    const double = sql.raw(name === "mariadb" ? "double" : "double precision");
    const { rows } = await sql`select count(*) as rows_found, 7 as whole,
      cast('9.639829635620117' as ${double}) as fraction from (select 1 as one) as t`.execute(database.db);
    expect(rows).toEqual([{ rows_found: 1, whole: 7, fraction: 9.639829635620117 }]);
  });

  test("text of any script is read as it was written", async () => {
    const text = "São Tomé 東京 Ñandú 🗺 ‘’";
    const { rows } = await sql`select ${text} as text`.execute(database.db);
    expect(rows).toEqual([{ text }]);
  });

  test("a cancelled query rejects with the signal's reason, and its connection can be used again", async () => {
    const reason = new Error("the client has left");
    for (const _ of [1, 2, 3]) {
      const gone = new AbortController();
      const slow = sleepSeconds[database.kind].execute(database.db, cancelOnAbort(gone.signal));
      setTimeout(() => gone.abort(reason), 20);
      await expect(slow).rejects.toBe(reason);
    }
    await database.ping();
  });

  test("an aborted signal stops a query before it starts", async () => {
    const reason = new Error("too late");
    await expect(database.ping(AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  test("a closed database fails like one that cannot be reached", async () => {
    await database.close();
    await expect(database.ping()).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE", source: "database" });
  });
});

describe.each(["postgres", "mariadb"] as const)("on %s", (name) => {
  const blank = useBlankDatabases(name);

  test("a connection that the server closes fails only its query: the process continues with a new one", async () => {
    const database = await openDatabase(await blank(), { poolSize: 2 });
    const { ownId, end, others } = sessions[name];
    await database.db.connection().execute(async (connection) => {
      const id = (await ownId.execute(connection)).rows[0]?.id ?? 0;
      await end(id).execute(database.db);
      // An acquired connection without a query has no listener of the driver: let it end before it is used.
      await vi.waitFor(async () => expect((await others(id).execute(database.db)).rows).toEqual([]));
      await expect(ownId.execute(connection)).rejects.toThrow();
    });
    await vi.waitFor(() => database.ping());
    await database.close();
  });
});

describe("on mariadb", () => {
  const blank = useBlankDatabases("mariadb");

  test("times are written and read in UTC, whatever the time zone of the server", async () => {
    const database = await openDatabase(await blank(), { poolSize: 2 });
    const zone = sql<{ zone: string }>`select @@session.time_zone as zone`;
    const zones = await Promise.all([1, 2].map(() => zone.execute(database.db)));
    expect(zones.map(({ rows }) => rows[0]?.zone)).toEqual(["+00:00", "+00:00"]);
    await database.close();
  });
});

const sessions = {
  postgres: {
    ownId: sql<{ id: number }>`select pg_backend_pid() as id`,
    end: (id: number) => sql`select pg_terminate_backend(${id})`,
    others: (id: number) => sql`select pid from pg_stat_activity where pid = ${id}`,
  },
  mariadb: {
    ownId: sql<{ id: number }>`select connection_id() as id`,
    end: (id: number) => sql`kill ${sql.lit(id)}`,
    others: (id: number) => sql`select id from information_schema.processlist where id = ${id}`,
  },
};

describe("a database that cannot be opened is an error of one line with its URL, without the password", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "tributary-open-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test.each(["postgres", "mysql"])("a %s server that is not there", async (scheme) => {
    const url = `${scheme}://ann:s3cret@127.0.0.1:${await closedPort()}/atlas`;
    const failure = await openDatabase(url).catch((error: Error) => error);
    expect(failure).toBeInstanceOf(Error);
    expect(String(failure)).toMatch(
      new RegExp(`^Error: Cannot open the database ${scheme}://\\*\\*\\*@127[^\\n]*ECONNREFUSED[^\\n]*$`),
    );
    expect(String(failure)).not.toContain("s3cret");
  });

  test("a folder instead of a file", async () => {
    await expect(openDatabase(`sqlite:${folder}`)).rejects.toThrow(
      `Cannot open the database sqlite:${folder}: unable to open database file`,
    );
  });

  test("a file that is not a database", async () => {
    const file = join(folder, "letter.txt");
    await writeFile(file, "Dear Ann, this is not a database. ".repeat(100));
    await expect(openDatabase(`sqlite:${file}`)).rejects.toThrow(/: file is not a database$/);
  });

  test.skipIf(process.getuid?.() === 0)("a folder that may not be written", async () => {
    await chmod(folder, 0o500);
    await expect(openDatabase(`sqlite:${folder}/new/atlas.sqlite`, { createFile: true })).rejects.toThrow(
      /: EACCES[^\n]*$/,
    );
  });

  test("a URL that is invalid", async () => {
    await expect(openDatabase("redis://db")).rejects.toThrow(/^Expected a database URL/);
  });
});

describe("an SQLite file", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "tributary-open-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test.each(["atals.sqlite", "a/b/atlas.sqlite", "atlas.sqlite/inside"])(
    "that does not exist (%s) is an error, and is not created",
    async (name) => {
      await writeFile(join(folder, "atlas.sqlite"), "");
      const opening = openDatabase(`sqlite:${join(folder, name)}`);
      await expect(opening).rejects.toThrow(/^Cannot open the database sqlite:[^\n]+: the file does not exist$/);
      expect(await readdir(folder)).toEqual(["atlas.sqlite"]);
    },
  );

  test("is created with its folders by createFile, and closing removes the WAL", async () => {
    const file = join(folder, "a/b/atlas.sqlite");
    const database = await openDatabase(`sqlite:${file}`, { createFile: true });
    await sql`create table note (text text)`.execute(database.db);
    await database.close();
    expect((await stat(file)).size).toBeGreaterThan(0);
    await expect(stat(`${file}-wal`)).rejects.toMatchObject({ code: "ENOENT" });
  });

  test.each([
    ["closed", "await database.close();"],
    ["left open but idle", ""],
  ])("that is %s does not keep the process alive", async (_, ending) => {
    const module = new URL("../../src/sql/open.ts", import.meta.url).href;
    const script = `
      const { openDatabase } = await import(${JSON.stringify(module)});
      const database = await openDatabase("sqlite:atlas.sqlite", { createFile: true });
      await database.ping();
      ${ending}
      console.log("done");`;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], {
      cwd: folder,
    });
    expect(stdout).toBe("done\n");
  });
});

/** A port on which no server listens. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}
