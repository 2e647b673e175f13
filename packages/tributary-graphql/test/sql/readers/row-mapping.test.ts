import type { ColumnType, Generated, GeneratedAlways } from "kysely";
import { describe, expect, expectTypeOf, test } from "vitest";
import { mapRows } from "../../../src/sql/readers/row-mapping.ts";

interface PeakTable {
  id: number;
  name: string;
  height_m: number;
  first_climb: string | null;
}

interface Peak {
  readonly kind: "peak";
  readonly id: number;
  readonly heightM: number;
  readonly firstClimb: string | null;
}

const peaks = mapRows<PeakTable, Peak>("peak", { id: "id", heightM: "height_m", firstClimb: "first_climb" });

describe("rows as items", () => {
  test("a column is the property that it is mapped to; others are left out", () => {
    const item = peaks.toItem({ id: 1, name: "Galdhøpiggen", height_m: 2469, first_climb: null });
    expect(item).toEqual({ kind: "peak", id: 1, heightM: 2469, firstClimb: null });
    expectTypeOf(item).toEqualTypeOf<Peak>();
  });

  test("properties are mapped to their columns", () => {
    expect(peaks.columnsOf(["heightM", "kind"])).toEqual(["height_m"]);
    expect(peaks.columnsOf(undefined)).toBeUndefined();
  });

  test("using a property that was not read is an error", () => {
    const item = peaks.toItem({ height_m: 2469 });
    expect(item.heightM).toBe(2469);
    expect(() => item.firstClimb).toThrow(/^peak\.firstClimb is used but was not read/);
    expect(JSON.stringify(item)).toBe('{"kind":"peak","heightM":2469}');
  });

  test("a column of another type does not compile", () => {
    // @ts-expect-error a name is not a height
    mapRows<PeakTable, Peak>("peak", { id: "id", heightM: "name", firstClimb: "first_climb" });
    // @ts-expect-error there is no such column
    mapRows<PeakTable, Peak>("peak", { id: "id", heightM: "height", firstClimb: "first_climb" });
    // @ts-expect-error every property has a column
    mapRows<PeakTable, Peak>("peak", { id: "id", heightM: "height_m" });
  });

  test("a generated column, and one with different types for reading and writing, have the select type", () => {
    const item = hutsOf.toItem({ id: 1 as HutId, beds: 20, opened: "1910-06-01", changed_at: changedAt });
    expect(item).toEqual({ kind: "hut", id: 1, beds: 20, opened: "1910-06-01", changedAt });
    expect(hutsOf.columnsOf(["changedAt"])).toEqual(["changed_at"]);
    // @ts-expect-error an instant is read, a text is written
    mapRows<HutTable, Hut>("hut", { id: "id", beds: "beds", opened: "changed_at", changedAt: "changed_at" });
    // @ts-expect-error a generated number is not an instant
    mapRows<HutTable, Hut>("hut", { id: "id", beds: "beds", opened: "opened", changedAt: "id" });
    // @ts-expect-error the id is of another table
    mapRows<HutTable, { kind: "hut"; id: PeakId }>("hut", { id: "id" });
  });
});

declare const hutId: unique symbol;
type HutId = number & { readonly [hutId]: true };
declare const peakId: unique symbol;
type PeakId = number & { readonly [peakId]: true };

interface HutTable {
  id: GeneratedAlways<HutId>;
  beds: Generated<number>;
  opened: ColumnType<string, string | Date, never>;
  changed_at: ColumnType<Date, string | undefined, string>;
  /** A column that no query reads. */
  hidden: ColumnType<never, string, string>;
}

interface Hut {
  readonly kind: "hut";
  readonly id: HutId;
  readonly beds: number;
  readonly opened: string;
  readonly changedAt: Date;
}

const changedAt = new Date("2026-03-29T00:30:00Z");
const hutsOf = mapRows<HutTable, Hut>("hut", { id: "id", beds: "beds", opened: "opened", changedAt: "changed_at" });
