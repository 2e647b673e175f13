import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, sql } from "kysely";
import { describe, expect, test } from "vitest";
import { tablesOf } from "../../../src/sql/statements/query-tables.ts";
import type { Library } from "../support/library.ts";

const db = new Kysely<Library>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (kysely) => new PostgresIntrospector(kysely),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

describe("the tables of a query", () => {
  test.each([
    ["an insert", db.insertInto("book").values({ id: 1, title: "", author: null, stars: null }), ["book"]],
    ["an update", db.updateTable("book as b").set({ stars: sql`stars + 1` }), ["book"]],
    [
      "a delete",
      db.deleteFrom("book").using("edition").whereRef("book.id", "=", "edition.book_id"),
      ["book", "edition"],
    ],
    [
      "a merge",
      db.mergeInto("book").using("edition", "edition.book_id", "book.id").whenMatched().thenDelete(),
      ["book", "edition"],
    ],
    [
      "an insert in a common table expression of a select",
      db
        .with("new", (trx) => trx.insertInto("shelf_book").values({ shelf: "a", book_id: 1 }))
        .selectFrom("edition")
        .selectAll(),
      ["new", "shelf_book", "edition"],
    ],
    ["a write to another schema", db.withSchema("old").deleteFrom("book"), ["book"]],
  ])("%s is a write to what it names", (_name, query, tables) => {
    const { named, isWrite } = tablesOf(query.toOperationNode());
    expect([[...(named ?? [])].sort(), isWrite]).toEqual([tables.toSorted(), true]);
  });

  test.each([
    ["a select", db.selectFrom("book").innerJoin("edition", "book_id", "id").selectAll(), ["book", "edition"]],
    ["a raw select without a table", sql`select 1`, []],
    ["a select with a raw column", db.selectFrom("book").select(sql`stars + 1`.as("more")), ["book"]],
  ])("%s is no write", (_name, query, tables) => {
    const { named, isWrite } = tablesOf(query.toOperationNode());
    expect([[...(named ?? [])], isWrite]).toEqual([tables, false]);
  });

  test.each([
    ["a raw write", sql`delete from book`, true],
    [
      "a raw statement that begins like a read",
      sql`with gone as (delete from book returning id) select * from gone`,
      true,
    ],
    [
      "a raw write in a common table expression",
      db
        .with("gone", () => sql`delete from book`)
        .selectFrom("edition")
        .selectAll(),
      true,
    ],
    ["a raw select from a table", sql`  SELECT * from book`, false],
    ["a raw subquery", db.selectFrom("book").selectAll().where(sql<boolean>`exists (select 1 from edition)`), false],
  ])("%s hides which tables", (_name, query, isWrite) => {
    expect(tablesOf(query.toOperationNode())).toEqual({ named: undefined, isWrite });
  });
});
