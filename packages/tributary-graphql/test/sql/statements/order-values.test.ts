import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { OrderColumn, OrderType } from "../../../src/relay/order.ts";
import { fitsOrder } from "../../../src/relay/order-values.ts";
import { toOrderValue } from "../../../src/sql/statements/order-values.ts";

const column = (type: OrderType, nulls?: "first" | "last"): OrderColumn => ({
  column: "c",
  direction: "asc",
  type,
  ...(nulls && { nulls }),
});

const fits = (type: OrderType, value: unknown) => fitsOrder([column(type)], [value]);

describe("order values", () => {
  test.each<[OrderType, readonly unknown[]]>([
    ["integer", [0, -1, 2 ** 53 - 1, "9007199254740992", "-9223372036854775808", "18446744073709551615"]],
    ["double", [0.5, -1e300, "NaN", "Infinity", "-Infinity"]],
    ["decimal", ["0", "-1.50", "123456789012345678901234567890.000001", "1e-7", "NaN"]],
    ["text", ["", "Ünïcödé 🗺", "'; --"]],
    [
      "timestamp",
      ["2024-02-29 23:59:59.123456", "2024-02-29T23:59:59+05:30", "2024-02-29 00:00:00Z", "0044-03-15 00:00:00 BC"],
    ],
    ["timestamp", ["infinity", "-infinity", "12024-01-01T00:00:00", "2024-01-01"]],
    ["date", ["2024-02-29", "2000-02-29", "0001-02-29 BC"]],
    ["boolean", [true, false]],
  ])("of %s can be %j", (type, values) => {
    expect(values.filter((value) => !fits(type, value))).toEqual([]);
  });

  test.each<[OrderType, readonly unknown[]]>([
    [
      "integer",
      [
        "1",
        "x",
        0.5,
        2 ** 53,
        "9007199254740991",
        "18446744073709551616",
        "-9223372036854775809",
        "09007199254740992",
        true,
      ],
    ],
    ["double", ["0.5", "", Number.NaN, Number.POSITIVE_INFINITY, true]],
    ["decimal", [1, "", "1.", ".5", "1,5", "0x10", "1e1000", " 1", "1".repeat(1001)]],
    ["text", [1, "a\0b", "\ud800", "\udc00a", ["a"], { toString: "a" }]],
    [
      "timestamp",
      [
        "2024-02-30 00:00:00",
        "2023-02-29",
        "1900-02-29",
        "2024-13-01",
        "2024-00-01",
        "2024-01-00",
        "0000-00-00 00:00:00",
      ],
    ],
    [
      "timestamp",
      ["2024-01-01 24:00:00", "2024-01-01 00:60:00", "2024-01-01 00:00:60", "999999-01-01", "now", "", 0, "2024-1-1"],
    ],
    ["date", ["2024-02-30", "2024-01-01 00:00:00", "tomorrow", 20240101]],
    ["boolean", [0, 1, "true"]],
  ])("of %s cannot be any of %j", (type, values) => {
    expect(values.filter((value) => fits(type, value))).toEqual([]);
  });

  test("can be NULL only if the order has `nulls`", () => {
    expect(fitsOrder([column("text", "last")], [null])).toBe(true);
    expect(fitsOrder([column("text")], [null])).toBe(false);
    expect(fitsOrder([column("text", "last")], [undefined])).toBe(false);
  });

  test("have a value for each column of the order", () => {
    const order = [column("text"), column("integer")];
    expect(
      [["a"], ["a", 1, 1], ["a", 1], [], "a", null, { 0: "a", 1: 1, length: 2 }].map((values) =>
        fitsOrder(order, values),
      ),
    ).toEqual([false, false, true, false, false, false, false]);
  });
});

describe("a value of a row as an order value", () => {
  test.each<[OrderType, unknown, unknown]>([
    ["integer", 7, 7],
    ["integer", "9007199254740993", "9007199254740993"],
    ["double", 0.1, 0.1],
    ["double", Number.NEGATIVE_INFINITY, "-Infinity"],
    ["decimal", "1.50", "1.50"],
    ["decimal", 1e-7, "1e-7"],
    ["boolean", 1, true],
    ["boolean", false, false],
    ["date", "2024-01-01", "2024-01-01"],
  ])("%s %j is %j", (type, read, value) => {
    expect(toOrderValue(column(type), read)).toBe(value);
  });

  test.each<[OrderType, unknown]>([
    ["integer", "a"],
    ["integer", 0.5],
    ["text", new Date(0)],
    ["timestamp", 1704067200],
    ["text", undefined],
    ["text", null],
  ])("%s cannot be %j", (type, read) => {
    expect(() => toOrderValue(column(type), read)).toThrow(
      new RegExp(`^Expected the order column c to be of type ${type}, got `),
    );
  });

  test("is valid in the order that it was read with", () => {
    const values = fc.oneof(
      fc.tuple(
        fc.constant<OrderType>("integer"),
        fc.oneof(fc.maxSafeInteger(), fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }).map(String)),
      ),
      fc.tuple(fc.constant<OrderType>("double"), fc.double()),
      fc.tuple(fc.constant<OrderType>("decimal"), fc.double({ noNaN: true, noDefaultInfinity: true })),
      fc.tuple(
        fc.constant<OrderType>("date"),
        fc
          .date({ noInvalidDate: true, min: new Date("0001-01-01"), max: new Date("9999-12-31") })
          .map((date) => date.toISOString().slice(0, 10)),
      ),
      fc.tuple(fc.constant<OrderType>("boolean"), fc.constantFrom(0, 1, true, false)),
    );
    fc.assert(
      fc.property(values, ([type, read]) => {
        const value = toOrderValue(column(type), read);
        expect(fits(type, JSON.parse(JSON.stringify(value)))).toBe(true);
      }),
    );
  });
});
