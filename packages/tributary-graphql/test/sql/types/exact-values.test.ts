import fc from "fast-check";
import { type RawBuilder, sql } from "kysely";
import { useBlankDatabases } from "tributary-testing/databases.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Database } from "../../../src/sql/database.ts";
import { parseExactJson } from "../../../src/sql/dialects/exact-json.ts";
import { parseArray } from "../../../src/sql/dialects/postgres/array.ts";
import { isoDuration } from "../../../src/sql/dialects/postgres/interval.ts";
import { openDatabase } from "../../../src/sql/open.ts";

const styles = ["postgres", "postgres_verbose", "sql_standard", "iso_8601"];

describe("parsers of PostgreSQL's formats", () => {
  const blank = useBlankDatabases("postgres");
  let database: Database<unknown> | undefined;
  beforeAll(async () => {
    const url = await blank().catch(() => undefined);
    if (url !== undefined) database = await openDatabase(url, { poolSize: 1 });
  });
  afterAll(() => database?.close());

  async function texts(query: RawBuilder<{ text: string }>): Promise<string[]> {
    if (database === undefined) throw new Error("The database is open only while the tests of its describe run.");
    return (await query.execute(database.db)).rows.map(({ text }) => text);
  }

  const months = fc.oneof(fc.integer({ min: -30, max: 30 }), fc.integer({ min: -20_000, max: 20_000 }));
  const days = fc.oneof(fc.constant(0), fc.integer({ min: -40, max: 40 }));
  const microseconds = fc.oneof(fc.constant(0), fc.integer({ min: -(10 ** 12), max: 10 ** 12 }));
  const intervals = fc.array(fc.tuple(months, days, microseconds), { minLength: 50, maxLength: 200 });

  test.each(styles)("an interval is the same duration of ISO 8601 in the style %s", async (style) => {
    await fc.assert(
      fc.asyncProperty(intervals, async (parts) => {
        // In one of the styles a sign applies to the following parts without a sign.
        const signed = (value: number, digits: number) => `${value < 0 ? "" : "+"}${value.toFixed(digits)}`;
        const all = parts.map(
          ([month, day, microsecond]) =>
            `${signed(month, 0)} months ${signed(day, 0)} days ${signed(microsecond / 1e6, 6)} seconds`,
        );
        const inStyle = (name: string) =>
          texts(
            sql`select value::interval::text as text, set_config('intervalstyle', ${name}, false)
              from (select set_config('intervalstyle', ${name}, false)) as style, unnest(${all}::text[]) as value`,
          );
        const [written, expected] = [await inStyle(style), await inStyle("iso_8601")];
        expect(written.map(isoDuration)).toEqual(expected);
      }),
      { numRuns: 10 },
    );
  });

  test("arrays of any texts are read as they were written", async () => {
    const text = fc.oneof(fc.constantFrom(null, "NULL", "", "{", "}", '"', "\\", ",", ";", " "), fc.string());
    const lists = fc.array(
      text.filter((value) => value === null || !value.includes("\0")),
      { maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(lists, fc.boolean(), async (list, isNested) => {
        const sent = isNested && list.length > 0 ? [list, list] : list;
        const [written] = await texts(sql`select (${sent}::text[])::text as text`);
        expect(parseArray(written ?? "", ",", (element) => element)).toEqual(sent);
      }),
      { numRuns: 200 },
    );
  });
});

test.each(["", "{", "{a", '{"a}', "{a}b", "{a;b}x", "a", "{{a}"])("%j is refused as no array", (text) => {
  expect(() => parseArray(text, ",", (element) => element)).toThrow(/^Expected an array/);
});

test.each(["1 fortnight", "", "1:2:3", "@ 1 year sometimes"])("%j is refused as no interval", (text) => {
  expect(() => isoDuration(text)).toThrow(/^Expected an interval/);
});

describe("numbers in JSON", () => {
  test.each([
    ["9007199254740991", 9007199254740991],
    ["9007199254740992", "9007199254740992"],
    ["-9007199254740993", "-9007199254740993"],
    ["123456789012345678901234567890", "123456789012345678901234567890"],
    ["0.1", 0.1],
    ["1.10", 1.1],
    ["0.10000000000000000", 0.1],
    ["0.1000000000000000055511151231257827", "0.1000000000000000055511151231257827"],
    ["1e400", "1e400"],
    ["1E-400", "1E-400"],
    ["1.5e300", 1.5e300],
    ["5e-324", 5e-324],
    ["-0.0", -0],
  ])("%s is %j", (text, value) => {
    expect(parseExactJson(text)).toBe(value);
    expect(parseExactJson(`{"a":[${text}]}`)).toEqual({ a: [value] });
  });

  test("texts that look like long numbers, and all other JSON values, are unchanged", () => {
    expect(parseExactJson('["1234567890123456789", "1e4000"]')).toEqual(["1234567890123456789", "1e4000"]);
    fc.assert(
      fc.property(
        fc.json().filter((text) => !/\d{16}/.test(text)),
        (text) => {
          expect(parseExactJson(text)).toEqual(JSON.parse(text));
        },
      ),
    );
  });
});
