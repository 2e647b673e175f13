import { sql } from "kysely";
import { type TestDatabaseName, testDatabases, useBlankDatabases } from "tributary-testing/databases.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CallLog } from "../../../src/core/call-log.ts";
import { decodeCursor, encodeCursor } from "../../../src/relay/cursor.ts";
import type { OrderOf, OrderType } from "../../../src/relay/order.ts";
import type { PageRows, PageWindow } from "../../../src/relay/page.ts";
import type { Database } from "../../../src/sql/database.ts";
import { openDatabase } from "../../../src/sql/open.ts";
import { createReads } from "../../../src/sql/reads.ts";

interface Row {
  id: number;
  kin: number;
  v: string | null;
}

interface OrderCase {
  readonly name: string;
  readonly type: string;
  readonly before?: string;
  readonly orderType: OrderType;
  readonly values: readonly (string | null)[];
}

const numbers = ["0.1", "0.2", "16777217", "3.4e38", "1e-30", "-0.1", "0", "0.30000001", "1", "1"] as const;

const cases: Readonly<Record<TestDatabaseName, readonly OrderCase[]>> = {
  postgres: [
    { name: "real", type: "real", orderType: "double", values: [...numbers, "NaN", "Infinity", "-Infinity"] },
    {
      name: "numeric",
      type: "numeric",
      orderType: "decimal",
      values: ["0.1", "NaN", "1e30", "-1", "0.10", "12345678901234567890.123"],
    },
    {
      name: "enum",
      before: "create type mood as enum ('sad', 'ok', 'happy')",
      type: "mood",
      orderType: "text",
      values: ["ok", "sad", "happy", "ok", "sad"],
    },
    {
      name: "citext",
      before: "create extension citext",
      type: "citext",
      orderType: "text",
      values: ["b", "A", "a", "B", "c"],
    },
    {
      name: "timestamptz",
      type: "timestamptz",
      orderType: "timestamp",
      values: [
        "2024-01-01 00:00:00.000001Z",
        "2024-01-01 00:00:00.000002Z",
        "infinity",
        "-infinity",
        "2024-01-01 00:00:00Z",
      ],
    },
    { name: "inet", type: "inet", orderType: "text", values: ["10.0.0.2", "10.0.0.10", "::1", "9.9.9.9"] },
    {
      name: "uuid",
      type: "uuid",
      orderType: "text",
      values: ["0d9f1a3e-6e1c-4b7a-9b1e-2f6d1c3b5a7f", "0d9f1a3e-6e1c-4b7a-9b1e-2f6d1c3b5a7e"],
    },
    { name: "char", type: "char(5)", orderType: "text", values: ["NO", "SE", "N", "NO", "no"] },
    {
      name: "interval",
      type: "interval",
      orderType: "text",
      values: ["1 day", "24:00:00", "1 mon", "30 days", "-1 day", "00:00:00.000001"],
    },
    { name: "bit", type: "bit(4)", orderType: "text", values: ["0001", "1000", "0111"] },
    { name: "timetz", type: "timetz", orderType: "text", values: ["10:00+02", "09:00+01", "08:00:00.000001+00"] },
    {
      name: "date",
      type: "date",
      orderType: "date",
      values: ["2026-03-29", "infinity", "-infinity", "0044-03-15 BC", "12026-01-01"],
    },
    {
      name: "timestamp",
      type: "timestamp",
      orderType: "timestamp",
      values: ["2026-03-29 02:30:00.123456", "infinity", "2026-03-29 02:30:00.123457", "0044-03-15 00:00:00 BC"],
    },
    { name: "money", type: "money", orderType: "text", values: ["1.50", "-2", "1000", "20"] },
    { name: "time", type: "time", orderType: "text", values: ["10:00", "09:00:00.000001", "24:00", "00:00"] },
  ],
  mariadb: [
    {
      name: "enum",
      type: "enum('sad', 'ok', 'it''s', 'Happy')",
      orderType: "text",
      values: ["ok", "sad", "Happy", "ok", "sad", "it's", "Happy"],
    },
    {
      name: "set",
      type: "set('z', 'a', 'm')",
      orderType: "text",
      values: ["a", "z", "z,a", "m", "", "a,m", "z", "z,a,m"],
    },
    { name: "float", type: "float", orderType: "double", values: numbers },
    { name: "double", type: "double", orderType: "double", values: numbers },
    {
      name: "a text without case",
      type: "varchar(20) collate utf8mb4_general_ci",
      orderType: "text",
      values: ["b", "A", "a", "B", "á", "c "],
    },
    { name: "latin1", type: "varchar(20) character set latin1", orderType: "text", values: ["é", "e", "z", "Z"] },
    {
      name: "datetime",
      type: "datetime(6)",
      orderType: "timestamp",
      values: ["2024-01-01 00:00:00.000001", "2024-01-01 00:00:00.000002", "2024-01-01 00:00:00"],
    },
    {
      name: "decimal",
      type: "decimal(30, 10)",
      orderType: "decimal",
      values: ["0.1", "0.10000001", "-1", "12345678901234567890.1"],
    },
    {
      name: "uuid",
      type: "uuid",
      orderType: "text",
      values: [
        "0d9f1a3e-6e1c-4b7a-9b1e-2f6d1c3b5a7f",
        "0d9f1a3e-6e1c-4b7a-9b1e-2f6d1c3b5a7e",
        "1d9f1a3e-6e1c-4b7a-8b1e-2f6d1c3b5a7e",
      ],
    },
    { name: "year", type: "year", orderType: "integer", values: ["2026", "1999", "0", "2155"] },
    {
      name: "bigint unsigned",
      type: "bigint unsigned",
      orderType: "integer",
      values: ["18446744073709551615", "1", "9223372036854775808", "9007199254740993"],
    },
    {
      name: "timestamp",
      type: "timestamp(6)",
      orderType: "timestamp",
      values: ["2026-03-29 02:30:00.123456", "2026-03-29 02:30:00.123457", "2026-01-01 00:00:00"],
    },
    { name: "inet6", type: "inet6", orderType: "text", values: ["::a", "::1", "::10", "fe80::1"] },
    {
      name: "time",
      type: "time(6)",
      orderType: "text",
      values: ["10:00:00", "-09:00:00", "100:00:00", "09:00:00.000001"],
    },
  ],
  sqlite: [
    { name: "real", type: "real", orderType: "double", values: numbers },
    { name: "nocase", type: "text collate nocase", orderType: "text", values: ["b", "A", "a", "B", "c"] },
    { name: "decimal", type: "decimal(10, 2)", orderType: "decimal", values: ["1.5", "1.25", "10", "-3"] },
  ],
};

describe.each(testDatabases)("on %s", (name) => {
  const blank = useBlankDatabases(name);

  describe.each(cases[name].map((column) => [column.name, column] as const))("rows in the order of %s", (_, column) => {
    let database: Database<{ thing: Row }> | undefined;
    beforeAll(async () => {
      const url = await blank().catch(() => undefined);
      if (url === undefined) return;
      database = await openDatabase(url, { poolSize: 2 });
      const { db } = database;
      if (column.before) await sql.raw(column.before).execute(db);
      await sql`create table thing (id integer primary key, kin integer not null, v ${sql.raw(column.type)} null)`.execute(
        db,
      );
      for (const [id, value] of [...column.values, null, null].entries())
        await sql`insert into thing values (${sql.lit(id)}, 7, ${sql.lit(value)})`.execute(db);
    });
    afterAll(() => database?.close());

    test.each(
      (["asc", "desc"] as const).flatMap((direction) =>
        (["first", "last"] as const).flatMap((nulls) => [1, 2, 100].map((size) => [direction, nulls, size] as const)),
      ),
    )(
      "%s, NULLs %s, by pages of %d: each once, in the database's own order, in both directions",
      async (direction, nulls, size) => {
        if (database === undefined) throw new Error("The database is open only while the tests run.");
        const reads = createReads(database, { calls: new CallLog(), signal: new AbortController().signal });
        const orderBy: OrderOf<Row> = [
          { column: "v", direction, nulls, type: column.orderType } as OrderOf<Row>[number],
          { column: "id", direction: "asc", type: "integer" },
        ];
        const table = reads.page({ call: "things", table: "thing", orderBy });
        const ofKin = reads.pageByParent({ call: "ofKin", table: "thing", parent: "kin", id: "id", orderBy });
        const many = reads.manyByKey({ call: "many", table: "thing", key: "kin", orderBy });
        const ordered = await sql<Row>`select id from thing
        order by case when v is null then ${sql.lit(nulls === "first" ? 0 : 1)} else ${sql.lit(nulls === "first" ? 1 : 0)} end,
        v ${sql.raw(direction)}, id`.execute(database.db);
        const expected = ordered.rows.map(({ id }) => id);
        expect((await many.load(7)).map(({ id }) => id)).toEqual(expected);
        expect((await many.load(7, { first: size })).map(({ id }) => id)).toEqual(expected.slice(0, size));
        for (const load of [
          (window: PageWindow) => table.load({ window }),
          (window: PageWindow) => ofKin.load(7, { window }),
        ]) {
          expect(await readAllPages(orderBy, size, false, load)).toEqual(expected);
          expect(await readAllPages(orderBy, size, true, load)).toEqual(expected);
        }
      },
    );
  });
});

/** Reads all pages, through cursors as clients get them. */
async function readAllPages(
  orderBy: OrderOf<Row>,
  size: number,
  backward: boolean,
  load: (window: PageWindow) => Promise<PageRows<Row>>,
): Promise<number[]> {
  const ids: number[] = [];
  let window: PageWindow = { size, backward };
  for (let pages = 0; pages < 50; pages++) {
    const page = await load(window);
    const read = page.rows.map(({ id }) => id);
    ids.splice(backward ? 0 : ids.length, 0, ...read);
    const edge = backward ? page.rows[0] : page.rows.at(-1);
    if (!page.hasMore || edge === undefined) return ids;
    const bound = decodeCursor({ madeFor: "x", orderBy }, "after", encodeCursor("x", page.orderValues(edge)));
    window = { size, backward, ...(backward ? { before: bound } : { after: bound }) };
  }
  throw new Error(`Expected the list to end, got ${ids.join(", ")}.`);
}
