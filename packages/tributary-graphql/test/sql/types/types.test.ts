import { testDatabases, useBlankDatabases } from "tributary-testing/databases.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Database } from "../../../src/sql/database.ts";
import { openDatabase } from "../../../src/sql/open.ts";
import { documentedTypes, shown } from "./documented-types.ts";
import { readByEveryReader, readerNames } from "./every-reader.ts";
import { createTypedTable, type TypedDatabase } from "./typed-table.ts";

describe.each(testDatabases)("on %s, each type of the guide", (name) => {
  const blank = useBlankDatabases(name);
  const types = documentedTypes(name);
  let database: Database<TypedDatabase> | undefined;
  let found: Awaited<ReturnType<typeof readByEveryReader>>;

  beforeAll(async () => {
    const url = await blank().catch(() => undefined);
    if (url === undefined) return;
    database = await openDatabase<TypedDatabase>(url, { poolSize: 2, readers: 2 });
    await createTypedTable(database, types);
    found = await readByEveryReader(database);
  });
  afterAll(() => database?.close());

  /** The readers that return another value of this column than expected. */
  const others = (row: 0 | 1, column: string, expected: string): object =>
    Object.fromEntries(
      readerNames
        .map((reader) => [reader, shown(Reflect.get(found.get(reader)?.[row] ?? {}, column))] as const)
        .filter(([, value]) => value !== expected),
    );

  test.each(types.map((type) => [type.type, type.written, type.read, type] as const))(
    "%s: what is written as %s is %s by every reader",
    (_type, _written, read, { column }) => {
      expect(others(0, column, read)).toEqual({});
    },
  );

  test.each(types.filter(({ written }) => written !== "default").map((type) => [type.type, type] as const))(
    "%s: NULL is null by every reader",
    (_type, { column }) => {
      expect(others(1, column, "null")).toEqual({});
    },
  );

  test("the guide's table is not empty", () => {
    expect(types.length).toBeGreaterThan(10);
  });
});
