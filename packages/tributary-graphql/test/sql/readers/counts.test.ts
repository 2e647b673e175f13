import { testDatabases } from "tributary-testing/databases.ts";
import { describe, expect, test } from "vitest";
import { requestOn, useLibrary } from "../support/library.ts";

describe.each(testDatabases)("on %s", (name) => {
  const library = useLibrary(name);
  const newRequest = () => requestOn(library());

  test("a table is counted once, also when several fields load the count", async () => {
    const request = newRequest();
    const books = request.reads.count({ call: "countBooks", table: "book" });
    expect(await Promise.all([books.load(), books.load()])).toEqual([8, 8]);
    expect(await books.load()).toBe(8);
    expect(request.calls()).toEqual([{ call: "countBooks", keys: 1, rows: 1 }]);
  });

  test("a table is counted with a condition of the arguments", async () => {
    const request = newRequest();
    const books = request.reads.count({
      call: "countBooks",
      table: "book",
      where: (book, stars: number | undefined) => (stars === undefined ? undefined : book("stars", "=", stars)),
    });
    const load = (stars: number | undefined) => books.load({ arguments: stars });
    expect(await Promise.all([load(1), load(undefined), load(9)])).toEqual([2, 8, 0]);
    expect(request.calls()).toHaveLength(3);
  });

  test("each parent has its count, 0 without rows, and texts that differ in the collation are counted separately", async () => {
    const request = newRequest();
    const books = request.reads.countByParent({ call: "countByAuthor", table: "book", parent: "author" });
    const load = (author: string) => books.load(author);
    expect(await Promise.all(["Ann", "ann", "ANN", "Ben", "Cid", "Ann "].map(load))).toEqual([4, 1, 0, 2, 0, 0]);
    expect(request.calls()).toEqual([{ call: "countByAuthor", keys: 6, rows: expect.any(Number) }]);
  });

  test("composite keys and long integers are counted", async () => {
    const request = newRequest();
    const editions = request.reads.countByParent({
      call: "countEditions",
      table: "edition",
      parent: ["book_id", "year"],
    });
    const ofBook = request.reads.countByParent({ call: "countByBook", table: "edition", parent: "book_id" });
    expect(
      await Promise.all([
        editions.load({ book_id: 1, year: 2020 }),
        editions.load({ book_id: "9007199254740993", year: 2020 }),
        editions.load({ book_id: "9007199254740992", year: 2020 }),
        ofBook.load(1),
        ofBook.load("9007199254740993"),
        ofBook.load("9007199254740992"),
      ]),
    ).toEqual([1, 1, 0, 2, 1, 0]);
    expect(request.calls().map(({ call, keys }) => [call, keys])).toEqual([
      ["countEditions", 3],
      ["countByBook", 3],
    ]);
  });

  test("whether a parent has a row, with a condition or without, in one call for each condition", async () => {
    const request = newRequest();
    const hasBooks = request.reads.existsByParent({
      call: "hasBooks",
      table: "book",
      parent: "author",
      where: (book, { stars }: { stars?: number }) => (stars === undefined ? undefined : book("stars", "=", stars)),
    });
    const load = (author: string, stars?: number) => hasBooks.load(author, { arguments: { stars } });
    expect(await Promise.all(["Ann", "ann", "ANN", "Cid"].map((author) => load(author)))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(await Promise.all([load("Ann", 5), load("Ben", 5), load("ann", 5)])).toEqual([true, false, false]);
    expect(request.calls()).toEqual([
      { call: "hasBooks", keys: 4, rows: 2 },
      { call: "hasBooks", keys: 3, rows: 1 },
    ]);
  });

  test("whether there is a row with a composite key, or a long integer", async () => {
    const request = newRequest();
    const exists = request.reads.existsByParent({ call: "isEdition", table: "edition", parent: ["book_id", "year"] });
    const hasEdition = request.reads.existsByParent({ call: "hasEdition", table: "edition", parent: "book_id" });
    expect(
      await Promise.all([
        exists.load({ book_id: 1, year: 2020 }),
        exists.load({ book_id: 2020, year: 1 }),
        hasEdition.load("9007199254740993"),
        hasEdition.load("9007199254740992"),
        hasEdition.load(1),
      ]),
    ).toEqual([true, false, true, false, true]);
  });
});
