import fc from "fast-check";
import { sql } from "kysely";
import { type TestDatabaseName, testDatabases, useBlankDatabases } from "tributary-testing/databases.ts";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { CallLog } from "../../../src/core/call-log.ts";
import type { Order, OrderOf, OrderType } from "../../../src/relay/order.ts";
import type { PageRows, PageWindow } from "../../../src/relay/page.ts";
import type { Database } from "../../../src/sql/database.ts";
import { openDatabase } from "../../../src/sql/open.ts";
import { createReads } from "../../../src/sql/reads.ts";

interface Row {
  id: number;
  v: string | null;
}

interface Column {
  readonly type: string;
  readonly orderType: OrderType;
  /** As SQL literals; few, so that there are duplicates. */
  readonly values: fc.Arbitrary<string>;
}

const among = (...values: readonly string[]) => fc.constantFrom(...values);
const small = fc.integer({ min: -3, max: 3 }).map(String);
const integers = fc.oneof(small, among("9007199254740993", "-9223372036854775808", "9223372036854775807"));
const decimals = fc.oneof(small, among("0.1", "0.10", "-0.001", "12345678901234567890.123"));
const floats = fc.oneof(
  small,
  among("0.1", "0.2", "16777217", "3.4e38", "1e-30"),
  fc
    .float({ noNaN: true, noDefaultInfinity: true, min: -Math.fround(1e30), max: Math.fround(1e30) })
    .map((value) => value.toExponential()),
);
const texts = fc.oneof(fc.string({ unit: among("a", "A", "b", "ä", " ", "_", "%", "1", "🗺"), maxLength: 3 }), small);
const times = among(
  "2024-01-01 00:00:00",
  "2024-01-01 00:00:00.000001",
  "1969-12-31 23:59:59.999999",
  "1999-12-31 00:00:00",
);

const columns: Readonly<Record<TestDatabaseName, Readonly<Record<string, Column>>>> = {
  postgres: {
    bigint: { type: "bigint", orderType: "integer", values: integers },
    numeric: { type: "numeric", orderType: "decimal", values: fc.oneof(decimals, among("NaN")) },
    real: { type: "real", orderType: "double", values: fc.oneof(floats, among("NaN", "Infinity", "-Infinity")) },
    text: { type: "text", orderType: "text", values: texts },
    "text in C": { type: 'text collate "C"', orderType: "text", values: texts },
    char: { type: "char(4)", orderType: "text", values: texts },
    timestamptz: { type: "timestamptz", orderType: "timestamp", values: fc.oneof(times, among("infinity")) },
    timestamp: { type: "timestamp", orderType: "timestamp", values: times },
    date: { type: "date", orderType: "date", values: among("2024-02-29", "1999-12-31", "0001-01-01") },
    enum: { type: "mood", orderType: "text", values: among("sad", "ok", "happy") },
  },
  mariadb: {
    bigint: { type: "bigint", orderType: "integer", values: integers },
    decimal: { type: "decimal(30, 5)", orderType: "decimal", values: decimals },
    float: { type: "float", orderType: "double", values: floats },
    double: { type: "double", orderType: "double", values: floats },
    text: { type: "varchar(9) collate utf8mb4_general_ci", orderType: "text", values: texts },
    "text in bin": { type: "varchar(9) collate utf8mb4_nopad_bin", orderType: "text", values: texts },
    datetime: { type: "datetime(6)", orderType: "timestamp", values: times },
    enum: { type: "enum('sad', 'ok', 'happy')", orderType: "text", values: among("sad", "ok", "happy") },
    set: { type: "set('z', 'a', 'm')", orderType: "text", values: among("", "z", "a", "z,a", "a,m", "z,a,m") },
  },
  sqlite: {
    integer: { type: "integer", orderType: "integer", values: integers },
    real: { type: "real", orderType: "double", values: floats },
    text: { type: "text", orderType: "text", values: texts },
    nocase: { type: "text collate nocase", orderType: "text", values: texts },
  },
};

describe.each(testDatabases)("on %s", (name) => {
  const blank = useBlankDatabases(name);
  let url: string | undefined;
  let database: Database<{ thing: Row }> | undefined;
  beforeAll(async () => {
    url = await blank().catch(() => undefined);
  });
  afterEach(() => database?.close());

  test.each(Object.entries(columns[name]))(
    "all readers compare and order any values of %s like the database",
    async (_, column) => {
      // A new connection pool, because the column types of the old one are cached.
      const opened = await openDatabase<{ thing: Row }>(url ?? "", { poolSize: 2 });
      database = opened;
      const { db } = opened;
      if (column.type === "mood") await sql`create type mood as enum ('sad', 'ok', 'happy')`.execute(db);
      await sql`drop table if exists thing`.execute(db);
      await sql`create table thing (id integer primary key, v ${sql.raw(column.type)} null)`.execute(db);
      const runs = fc.record({
        values: fc.array(fc.option(column.values, { freq: 8 }), { minLength: 1, maxLength: 12 }),
        direction: fc.constantFrom("asc" as const, "desc" as const),
        nulls: fc.constantFrom("first" as const, "last" as const),
        size: fc.integer({ min: 1, max: 5 }),
        others: fc.array(column.values, { maxLength: 2 }),
      });
      const property = fc.asyncProperty(runs, async ({ values, direction, nulls, size, others }) => {
        await sql`delete from thing`.execute(db);
        const rows = values.map((value, id) => sql`(${sql.lit(id)}, ${sql.lit(value)})`);
        await sql`insert into thing values ${sql.join(rows)}`.execute(db);
        const order: Order = [
          { column: "v", direction, nulls, type: column.orderType },
          { column: "id", direction: "asc", type: "integer" },
        ];
        await expectOneOrder(opened, order as OrderOf<Row>, { direction, nulls, size });
        const keys = [...new Set([...values.filter((value) => value !== null), ...others])];
        await expectOneEquality(opened, order as OrderOf<Row>, keys);
      });
      await fc.assert(property, { numRuns: 15, interruptAfterTimeLimit: 20_000 });
    },
    60_000,
  );
});

const readsOf = (database: Database<{ thing: Row }>) =>
  createReads(database, { calls: new CallLog(), signal: new AbortController().signal });

const idsOf = (rows: readonly Row[]): number[] => rows.map(({ id }) => id);

/** Paging from either end returns every row once, in the order of the database. */
async function expectOneOrder(
  database: Database<{ thing: Row }>,
  orderBy: OrderOf<Row>,
  { direction, nulls, size }: { direction: "asc" | "desc"; nulls: "first" | "last"; size: number },
): Promise<void> {
  const { rows } = await sql<Row>`select id from thing
    order by case when v is null then ${sql.lit(nulls === "first" ? 0 : 1)} else ${sql.lit(nulls === "first" ? 1 : 0)} end,
    v ${sql.raw(direction)}, id`.execute(database.db);
  const pages = readsOf(database).page({ call: "things", table: "thing", orderBy });
  const load = (window: PageWindow) => pages.load({ window });
  expect(await readAllPages(size, false, load)).toEqual(idsOf(rows));
  expect(await readAllPages(size, true, load)).toEqual(idsOf(rows));
}

async function readAllPages(
  size: number,
  backward: boolean,
  load: (window: PageWindow) => Promise<PageRows<Row>>,
): Promise<number[]> {
  const ids: number[] = [];
  let window: PageWindow = { size, backward };
  for (let pages = 0; pages < 30; pages++) {
    const page = await load(window);
    ids.splice(backward ? 0 : ids.length, 0, ...idsOf(page.rows));
    const edge = backward ? page.rows[0] : page.rows.at(-1);
    if (!page.hasMore || edge === undefined) return ids;
    const bound = page.orderValues(edge);
    window = { size, backward, ...(backward ? { before: bound } : { after: bound }) };
  }
  throw new Error(`Expected the list to end, got ${ids.join(", ")}.`);
}

/** For each key, every reader returns the rows that the database returns for this key alone. */
async function expectOneEquality(
  database: Database<{ thing: Row }>,
  orderBy: OrderOf<Row>,
  keys: readonly string[],
): Promise<void> {
  const reads = readsOf(database);
  const source = { call: "things", table: "thing" } as const;
  const one = reads.oneByKey({ ...source, key: "v" });
  const many = reads.manyByKey({ ...source, key: "v", orderBy });
  const pages = reads.pageByParent({ ...source, parent: "v", id: "id", orderBy });
  const counts = reads.countByParent({ ...source, parent: "v" });
  const exists = reads.existsByParent({ ...source, parent: "v" });
  const asked = keys.map(async (key) => {
    const rows = idsOf(await many.load(key));
    expect(idsOf(await many.load(key, { first: 20 })), key).toEqual(rows);
    expect(idsOf((await pages.load(key, { window: { size: 20, backward: false } })).rows), key).toEqual(rows);
    expect(await counts.load(key), key).toBe(rows.length);
    expect(await exists.load(key), key).toBe(rows.length > 0);
    expect((await one.load(key)) !== null, key).toBe(rows.length > 0);
    expect(
      idsOf(
        await readsOf(database)
          .manyByKey({ ...source, key: "v", orderBy })
          .load(key),
      ),
      key,
    ).toEqual(rows);
  });
  await Promise.all(asked);
  const { rows } = await sql<Row>`select id from thing where v is not null`.execute(database.db);
  const found = (await Promise.all(keys.map((key) => many.load(key)))).flat();
  expect([...new Set(idsOf(found))].sort((a, b) => a - b)).toEqual(idsOf(rows).sort((a, b) => a - b));
}
