import { sql } from "kysely";
import { createConnection } from "mysql2/promise";
import { testDatabases, useBlankDatabases } from "tributary-testing/databases.ts";
import { type MariadbServer, needsMariadbProgram, startMariadb } from "tributary-testing/mariadb-server.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CallLog } from "../../../src/core/call-log.ts";
import type { Database } from "../../../src/sql/database.ts";
import { mysqlParameter } from "../../../src/sql/dialects/mysql/parameter.ts";
import { openDatabase } from "../../../src/sql/open.ts";
import { createReads } from "../../../src/sql/reads.ts";

interface Notes {
  note: { id: number; text: string; data: string | object };
  tag: { note_id: number; text: string };
  secret: { text: string };
}

/** Each would break out of a literal, or hide one, if it were escaped for another mode or another character set. */
const hostile: readonly string[] = [
  "x') or sleep(1) -- ",
  "x\\') or sleep(1) -- ",
  "\\",
  "\\\\",
  "'",
  "''",
  "\\'",
  "\\''",
  '"',
  '\\"; drop table secret; -- ',
  "'; drop table secret; -- ",
  "x' or '1'='1",
  "x\\' or 1=1 -- ",
  "?",
  "'?' ?? :name $1",
  "%_\\%\\_",
  "/* */ -- # \n x",
  "`a`; drop table secret",
  "\u00bf\u005c' or 1=1 -- ",
  "\u7e97\\' or 1=1 -- ",
  "\u8a31\u529f\u84cb\\",
  "\t\b\n\r\u001a",
  "\u2028\u{1f5fa}\\'",
  "$$ $a$ '",
  '{"a": "\\"\'"}',
  `${"\\'".repeat(20_000)}`,
];

/** PostgreSQL cannot store a NUL in a text. */
const nul = ["\0", "a\0' or 1=1 -- ", "\\\0'"];

const columns = {
  sqlite: { text: "text", json: "text" },
  postgres: { text: 'text collate "C"', json: "jsonb" },
  mysql: { text: "longtext character set utf8mb4 collate utf8mb4_nopad_bin", json: "json" },
} as const;

function promise(open: () => Promise<Database<Notes>>): void {
  let database: Database<Notes> | undefined;
  const db = () => {
    if (database === undefined) throw new Error("The database is open only while the tests of its describe run.");
    return database;
  };
  const reads = () => createReads(db(), { calls: new CallLog(), signal: new AbortController().signal });
  let texts = hostile;

  beforeAll(async () => {
    database = await open().catch(() => undefined);
    if (database === undefined) return;
    const { text, json } = columns[database.kind];
    for (const statement of [
      `create table note (id integer primary key, text ${text} not null, data ${json} not null)`,
      `create table tag (note_id integer not null, text ${text} not null)`,
      `create table secret (text ${text} not null)`,
    ])
      await sql.raw(statement).execute(database.db);
    texts = database.kind === "postgres" ? hostile : [...hostile, ...nul];
    for (const [id, each] of texts.entries())
      await reads().write("addNote", async (trx) => {
        await trx
          .insertInto("note")
          .values({ id, text: each, data: JSON.stringify({ [each]: each }) })
          .execute();
        await trx.insertInto("tag").values({ note_id: id, text: each }).execute();
      });
    await database.db.insertInto("secret").values({ text: "kept" }).execute();
  });
  afterAll(() => database?.close());

  test("each is stored unchanged, as a text and within JSON", async () => {
    const rows = await db().db.selectFrom("note").selectAll().orderBy("id").execute();
    const parsed = rows.map(({ data }) => (typeof data === "string" ? JSON.parse(data) : data));
    expect(rows.map(({ text }) => text)).toEqual(texts);
    expect(parsed).toEqual(texts.map((text) => ({ [text]: text })));
  });

  test("each is found by each reader, and nothing else is", async () => {
    const request = reads();
    const one = request.oneByKey({ call: "one", table: "note", key: "text" });
    const many = request.manyByKey({ call: "many", table: "tag", key: "text" });
    const both = request.oneByKey({ call: "both", table: "note", key: ["id", "text"] });
    const count = request.countByParent({ call: "count", table: "note", parent: "text" });
    const exists = request.existsByParent({ call: "exists", table: "note", parent: "text" });
    const through = request.manyThrough({
      call: "through",
      table: "note",
      key: "id",
      through: { table: "tag", parent: "text", child: "note_id" },
    });
    const search = request.count<"note", { readonly text: string }>({
      call: "search",
      table: "note",
      where: (note, arguments_) => note("text", "=", arguments_.text),
    });
    const found = await Promise.all(
      texts.map(async (text, id) => [
        (await one.load(text, { columns: ["id"] }))?.id,
        (await many.load(text)).map((tag) => tag.note_id),
        (await both.load({ id, text }, { columns: ["id"] }))?.id,
        await count.load(text),
        await exists.load(text),
        (await through.load(text)).map((note) => note.id),
        await search.load({ arguments: { text } }),
      ]),
    );
    expect(found).toEqual(texts.map((_, id) => [id, [id], id, 1, true, [id], 1]));
    expect(await Promise.all(texts.map((text) => one.load(`${text} `)))).toEqual(texts.map(() => null));
  });

  test("pages continue after each, and its literal in a statement is the same", async () => {
    const page = reads().page({
      call: "page",
      table: "note",
      orderBy: [
        { column: "text", direction: "asc", type: "text" },
        { column: "id", direction: "asc", type: "integer" },
      ],
    });
    const ids: number[] = [];
    let after: Parameters<typeof page.load>[0]["window"]["after"];
    for (let hasMore = true; hasMore; ) {
      const { rows, orderValues, ...rest } = await page.load({
        columns: ["id", "text"],
        window: { size: 1, backward: false, ...(after && { after }) },
      });
      for (const row of rows) {
        ids.push(row.id);
        after = JSON.parse(JSON.stringify(orderValues(row)));
      }
      hasMore = rest.hasMore;
    }
    expect(ids.toSorted((a, b) => a - b)).toEqual(texts.map((_, id) => id));
    // SQLite ends a statement at a NUL.
    for (const text of texts.filter((each) => !each.includes("\0"))) {
      const rows = await db()
        .db.selectNoFrom(sql<string>`${sql.lit(text)}`.as("text"))
        .execute();
      expect(rows).toEqual([{ text }]);
    }
  });

  test("none was executed: each statement was fast, and the table that they drop exists", async () => {
    const started = performance.now();
    await reads().oneByKey({ call: "one", table: "note", key: "text" }).load("x') or sleep(5) -- ");
    await db().db.updateTable("note").set({ text: "x'), text = sleep(5) -- " }).where("id", "=", -1).execute();
    await db().db.deleteFrom("secret").where("text", "=", "\\' or 1=1 -- ").execute();
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(await db().db.selectFrom("secret").selectAll().execute()).toEqual([{ text: "kept" }]);
  });
}

describe.each(testDatabases)("hostile texts on %s", (name) => {
  const blank = useBlankDatabases(name);
  promise(async () => openDatabase<Notes>(await blank(), { poolSize: 4 }));
});

describe("on a MariaDB in NO_BACKSLASH_ESCAPES", () => {
  needsMariadbProgram();
  let server: MariadbServer | undefined;
  const started = async () => {
    server ??= await startMariadb(["--sql-mode=STRICT_TRANS_TABLES,NO_BACKSLASH_ESCAPES,ANSI_QUOTES"]);
    return server;
  };
  afterAll(() => server?.stop());

  describe("hostile texts", () => promise(async () => openDatabase<Notes>((await started()).url, { poolSize: 4 })));

  test("a later change of the mode has no effect: global, for the session, or by a procedure", async () => {
    const { url } = await started();
    const database = await openDatabase<Notes>(url, { poolSize: 1 });
    const text = "a\\'b";
    const echo = async () => (await sql<{ text: string }>`select ${text} as text`.execute(database.db)).rows;
    await sql`create or replace procedure change_mode() set @@session.sql_mode = 'NO_BACKSLASH_ESCAPES'`.execute(
      database.db,
    );
    for (const change of [
      sql`set global sql_mode = 'NO_BACKSLASH_ESCAPES'`,
      sql`set session sql_mode = 'NO_BACKSLASH_ESCAPES'`,
      sql`call change_mode()`,
    ]) {
      await change.execute(database.db);
      expect(await echo()).toEqual([{ text }]);
    }
    await database.close();
  });

  test("no value breaks out of its literal, even if a proxy loses the mode", async () => {
    const connection = await createConnection((await started()).url);
    const modes = {
      "''": (text: string) => text,
      "'NO_BACKSLASH_ESCAPES'": (text: string) => text.replaceAll("\\", "\\\\"),
    };
    for (const [mode, arrives] of Object.entries(modes)) {
      await connection.query(`set sql_mode = ${mode}`);
      for (const text of [...hostile, ...nul]) {
        const [rows] = await connection.query("select ? as text, 'end' as end", [mysqlParameter(text)]);
        expect(rows).toEqual([{ text: arrives(text), end: "end" }]);
      }
    }
    await connection.end();
  });
});
