import { sql } from "kysely";
import { testDatabases, useBlankDatabases } from "tributary-testing/databases.ts";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Database } from "../../../src/sql/database.ts";
import { openDatabase } from "../../../src/sql/open.ts";

/** Around changes of daylight saving time in some of the time zones, and the day that Samoa skipped. */
const instants = [
  "2026-03-29T00:59:59.999Z",
  "2026-03-29T01:00:00.000Z",
  "2026-03-08T07:30:00.500Z",
  "2026-10-25T00:30:00.000Z",
  "2011-12-30T10:00:00.000Z",
  "2026-06-21T23:59:59.999Z",
  "1970-01-02T00:00:00.000Z",
];

/** `2026-03-08 07:30:00.5` for `2026-03-08T07:30:00.500Z`. */
const withoutZone = (instant: string): string => instant.replace("T", " ").replace(/(?:\.000|0*)Z$/, "");

const zones = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia"];

const types = {
  sqlite: { day: "text", local: "text", instant: "text" },
  postgres: { day: "date", local: "timestamp(3)", instant: "timestamptz(3)" },
  mysql: { day: "date", local: "datetime(3)", instant: "timestamp(3) null" },
};

interface Moment {
  id: number;
  day: unknown;
  local: unknown;
  instant: unknown;
}

describe.each(testDatabases)("on %s", (name) => {
  const blank = useBlankDatabases(name);
  let database: Database<{ moment: Moment }>;

  beforeAll(async () => {
    const url = await blank().catch(() => undefined);
    if (url === undefined) return;
    database = await openDatabase(url, { poolSize: 2, readers: 2 });
    const { day, local, instant } = types[database.kind];
    await sql`create table moment (id integer primary key, day ${sql.raw(day)}, local ${sql.raw(local)}, instant ${sql.raw(instant)})`.execute(
      database.db,
    );
  });
  afterAll(() => database?.close());
  beforeEach(() => database.db.deleteFrom("moment").execute());
  afterEach(() => vi.unstubAllEnvs());

  describe.each(zones)("in a process whose time zone is %s", (zone) => {
    beforeEach(() => {
      vi.stubEnv("TZ", zone);
    });

    test("a Date is written in UTC, found by itself, and read as the same day, time and instant", async () => {
      const { db, kind } = database;
      for (const [id, text] of instants.entries()) {
        const date = new Date(text);
        await db
          .insertInto("moment")
          .values({ id, day: text.slice(0, 10), local: date, instant: date })
          .execute();
      }
      const rows = await db.selectFrom("moment").selectAll().orderBy("id").execute();
      expect(rows).toEqual(
        instants.map((text, id) => {
          const local = withoutZone(text);
          return { id, day: text.slice(0, 10), local, instant: kind === "sqlite" ? local : new Date(text) };
        }),
      );
      for (const [id, text] of instants.entries()) {
        for (const column of ["local", "instant"] as const) {
          const found = await db.selectFrom("moment").select("id").where(column, "=", new Date(text)).execute();
          expect({ column, found }).toEqual({ column, found: [{ id }] });
        }
      }
    });

    if (name === "sqlite") return;
    test("a Date in a column of dates is its day in UTC", async () => {
      const { db } = database;
      await db
        .insertInto("moment")
        .values(instants.map((text, id) => ({ id, day: new Date(text), local: null, instant: null })))
        .execute();
      const rows = await db.selectFrom("moment").select("day").orderBy("id").execute();
      expect(rows.map(({ day }) => day)).toEqual(instants.map((text) => text.slice(0, 10)));
    });
  });

  test("an invalid Date is rejected", async () => {
    const insert = database.db
      .insertInto("moment")
      .values({ id: 1, day: null, local: new Date(Number.NaN), instant: null });
    await expect(insert.execute()).rejects.toThrow(/Expected a Date.* invalid/);
  });
});

describe("on postgres", () => {
  const blank = useBlankDatabases("postgres");
  const values = sql`select '2026-03-29 02:30'::timestamp as local, '2026-03-29'::date as day,
    '2026-03-29 02:30+00'::timestamptz as instant, array['2026-03-29 02:30+00'::timestamptz] as instants,
    to_json('2026-03-29 02:30+00'::timestamptz) as json, interval '1 year -3 days 04:05:06.7' as length,
    tstzrange('2026-03-29 02:30+00', null) as range, array[1.5::float8] as numbers`;
  const expected = {
    local: "2026-03-29 02:30:00",
    day: "2026-03-29",
    instant: new Date("2026-03-29T02:30:00Z"),
    instants: [new Date("2026-03-29T02:30:00Z")],
    json: "2026-03-29T02:30:00+00:00",
    length: "P1Y-3DT4H5M6.7S",
    range: '["2026-03-29 02:30:00+00",)',
    numbers: [1.5],
  };

  test.each([
    ["ISO, DMY", "postgres"],
    ["German", "postgres_verbose"],
    ["SQL, MDY", "sql_standard"],
    ["Postgres, DMY", "iso_8601"],
  ])(
    "a database set to DateStyle %s, IntervalStyle %s and another time zone has the same values",
    async (date, interval) => {
      const url = await blank();
      const name = new URL(url).pathname.slice(1);
      const admin = await openDatabase(url, { poolSize: 1 });
      for (const setting of [`datestyle = '${date}'`, `intervalstyle = '${interval}'`, "timezone = 'Asia/Kolkata'"])
        await sql.raw(`alter database ${name} set ${setting}`).execute(admin.db);
      await admin.close();
      const database = await openDatabase(url, { poolSize: 1 });
      expect((await values.execute(database.db)).rows).toEqual([expected]);
      await database.close();
    },
  );

  test("an instant is the same after the session's time zone is changed", async () => {
    const database = await openDatabase(await blank(), { poolSize: 1 });
    await sql`set timezone = 'Asia/Kolkata'`.execute(database.db);
    const { rows } = await sql`select '2026-03-29 02:30+00'::timestamptz as instant`.execute(database.db);
    expect(rows).toEqual([{ instant: expected.instant }]);
    await database.close();
  });

  test("an enum that a migration recreates is read, also within an open transaction", async () => {
    const database = await openDatabase(await blank(), { poolSize: 2 });
    const moods = sql`select '{sad}'::mood[] as moods`;
    for (const size of [1, 2, 3]) {
      await sql`create type mood as enum ('sad')`.execute(database.db);
      await sql`create domain several as mood[] check (cardinality(value) < ${sql.lit(size + 5)})`.execute(database.db);
      expect((await moods.execute(database.db)).rows).toEqual([{ moods: ["sad"] }]);
      await sql`drop type mood cascade`.execute(database.db);
    }
    await database.db.transaction().execute(async (trx) => {
      await sql`create type mood as enum ('sad')`.execute(trx);
      expect((await moods.execute(trx)).rows).toEqual([{ moods: ["sad"] }]);
    });
    await database.close();
  });
});
