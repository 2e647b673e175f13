import { GraphQLScalarType } from "graphql";
import { afterEach, describe, expect, test, vi } from "vitest";
import { schema } from "../../schema/index.ts";

const scalar = (name: string): GraphQLScalarType => {
  const type = schema.getType(name);
  if (type instanceof GraphQLScalarType) return type;
  throw new Error(`The schema has no scalar ${name}.`);
};

const zones = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia"];

describe.each(zones)("in a process with the time zone %s", (zone) => {
  afterEach(() => vi.unstubAllEnvs());

  test("a Date is the same date as input and output, also on days with a daylight saving change", () => {
    vi.stubEnv("TZ", zone);
    for (const day of ["2026-03-29", "2026-10-25", "2026-03-08", "2011-12-30", "0001-01-01", "9999-12-31"]) {
      expect(scalar("Date").coerceInputValue(day)).toBe(day);
      expect(scalar("Date").coerceOutputValue(day)).toBe(day);
    }
  });

  test("a DateTime is the same instant as input and output", () => {
    vi.stubEnv("TZ", zone);
    const instant = scalar("DateTime").coerceInputValue("2026-03-29T02:30:00.5+02:00");
    expect(instant).toEqual(new Date(Date.UTC(2026, 2, 29, 0, 30, 0, 500)));
    expect(scalar("DateTime").coerceOutputValue(instant)).toBe("2026-03-29T00:30:00.500Z");
  });
});

describe("the error names the expected format and the value for", () => {
  test.each(["0000-00-00", "infinity", "0044-03-15 BC", "2026-02-30", "12026-03-29", "2026-03-29 02:30:00", null])(
    "the Date %j",
    (value) => {
      expect(() => scalar("Date").coerceOutputValue(value)).toThrow(/^Expected a date such as .* got /);
      expect(() => scalar("Date").coerceInputValue(value)).toThrow(/^Expected a date such as .* got /);
    },
  );

  test.each([
    "2026-03-29 02:30:00",
    "2026-02-30T00:00:00Z",
    "2026-03-29T24:00:00Z",
    "2026-03-29T02:30:00",
    "2026-03-29Tnoon+02:00",
    "2026-03-29T02:30:00+99:00",
  ])("the DateTime %j", (value) => {
    expect(() => scalar("DateTime").coerceInputValue(value)).toThrow(/^Expected an instant such as .* got /);
  });

  test("an invalid JavaScript Date, and a time without zone from a column", () => {
    expect(() => scalar("DateTime").coerceOutputValue(new Date(Number.NaN))).toThrow("got an invalid Date");
    expect(() => scalar("DateTime").coerceOutputValue("2026-03-29 02:30:00")).toThrow('got "2026-03-29 02:30:00"');
  });
});
