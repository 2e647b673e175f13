import type { ExpressionBuilder } from "kysely";
import { recordSql, sqlDialects } from "tributary-testing/recorded-sql.ts";
import { describe, expect, test } from "vitest";
import { CallLog } from "../../../src/core/call-log.ts";
import { createReads } from "../../../src/sql/reads.ts";
import type { Library } from "../support/library.ts";

describe.each(sqlDialects)("on %s", (dialect) => {
  test.each([
    ["no condition", undefined],
    ["an undefined one", () => undefined],
    ["an empty list of them", (book: ExpressionBuilder<Library, "book">) => book.and([])],
  ])("%s leaves nothing behind in the statement", async (_name, where) => {
    const { database, statements } = recordSql<Library>(dialect);
    const reads = createReads(database, { calls: new CallLog(), signal: new AbortController().signal });
    await reads.count({ call: "count", table: "book", where }).load();
    const orderBy = [{ column: "id", direction: "asc", type: "integer" }] as const;
    await reads.page({ call: "page", table: "book", where, orderBy }).load({ window: { size: 1, backward: false } });
    expect(statements).toHaveLength(2);
    expect(statements.map(({ sql }) => sql).join()).not.toMatch(/where|1 = 1/);
  });

  test("a condition that is always false is kept", async () => {
    const { database, statements } = recordSql<Library>(dialect);
    const reads = createReads(database, { calls: new CallLog(), signal: new AbortController().signal });
    await reads.count({ call: "count", table: "book", where: (book) => book.or([]) }).load();
    expect(statements[0]?.sql).toMatch(/ where /);
  });

  test("a table with the alias of the key list is distinguished from it", async () => {
    const { database, statements } = recordSql<{ parent: { id: number; kin: number } }>(dialect);
    const reads = createReads(database, { calls: new CallLog(), signal: new AbortController().signal });
    await reads.existsByParent({ call: "exists", table: "parent", parent: "kin" }).load(1);
    expect(statements[0]?.sql).not.toMatch(/ as parent\b/);
  });
});
