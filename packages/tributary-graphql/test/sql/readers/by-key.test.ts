import { testDatabases } from "tributary-testing/databases.ts";
import { describe, expect, test } from "vitest";
import { type LibraryRequest, requestOn, useLibrary } from "../support/library.ts";

const titles = (rows: readonly { readonly title: string }[]) => rows.map(({ title }) => title);

describe.each(testDatabases)("on %s", (name) => {
  const library = useLibrary(name);
  const newRequest = () => requestOn(library());

  describe("one by key", () => {
    const byId = ({ reads }: LibraryRequest) => reads.oneByKey({ call: "booksById", table: "book", key: "id" });

    test("a key has its row or null, and concurrent loads are one call", async () => {
      const request = newRequest();
      const books = byId(request);
      const found = await Promise.all([books.load(2), books.load(99), books.load(2), books.load(5)]);
      expect(found.map((book) => book?.title)).toEqual(["Birds", undefined, "Birds", "Earth"]);
      expect(found[1]).toBeNull();
      expect(found[0]).toEqual({ id: 2, title: "Birds", author: "Ann", stars: null });
      expect(request.calls()).toEqual([{ call: "booksById", keys: 3, rows: 2 }]);
    });

    test("a number and its digits find the same row, also beyond 2^53 - 1, and so does another spelling", async () => {
      const request = newRequest();
      const books = byId(request);
      const found = await Promise.all(
        [1, "1", "9007199254740993", "9007199254740992", "01"].map((id) => books.load(id, { columns: ["id"] })),
      );
      expect(found).toEqual([{ id: 1 }, { id: 1 }, { id: "9007199254740993" }, null, { id: 1 }]);
      // On SQLite a column without a type can have both values.
      const keys = name === "sqlite" ? 5 : 4;
      expect(request.calls()).toEqual([{ call: "booksById", keys, rows: expect.any(Number) }]);
    });

    test("a text finds only identical texts in a binary collation", async () => {
      const request = newRequest();
      const byPublisher = request.reads.oneByKey({ call: "byPublisher", table: "edition", key: "publisher" });
      const found = await Promise.all(["North", "north", "North ", "Nörth"].map((key) => byPublisher.load(key)));
      expect(found).toEqual([{ book_id: 1, year: 2020, publisher: "North" }, null, null, null]);
    });

    test("a composite key has its row, and NULL in a column of a row matches nothing", async () => {
      const request = newRequest();
      const editions = request.reads.oneByKey({ call: "editions", table: "edition", key: ["book_id", "year"] });
      const found = await Promise.all([
        editions.load({ book_id: 1, year: 2021 }),
        editions.load({ year: 2020, book_id: "9007199254740993" }),
        editions.load({ book_id: 2021, year: 1 }),
      ]);
      expect(found.map((edition) => edition?.publisher)).toEqual([null, "South", undefined]);
      expect(request.calls()).toEqual([{ call: "editions", keys: 3, rows: 2 }]);
      const published = request.reads.oneByKey({ call: "published", table: "edition", key: ["publisher", "year"] });
      expect(await published.load({ publisher: "null", year: 2021 })).toBeNull();
    });

    test("texts that no row can have find nothing and do not affect other keys", async () => {
      const request = newRequest();
      const byTitle = request.reads.oneByKey({ call: "byTitle", table: "book", key: "title" });
      const found = await Promise.all(["\ud800", "a\0b", "Fog", "", "'; --"].map((title) => byTitle.load(title)));
      expect(found.map((book) => book?.id)).toEqual([undefined, undefined, 6, undefined, undefined]);
      const published = request.reads.oneByKey({ call: "published", table: "edition", key: ["publisher", "year"] });
      const editions = await Promise.all(
        ["\udc00", "a\0b", "North"].map((publisher) => published.load({ publisher, year: 2020 })),
      );
      expect(editions.map((edition) => edition?.book_id)).toEqual([undefined, undefined, 1]);
    });

    test("when no key can have a row, no call is made", async () => {
      const request = newRequest();
      const byTitle = request.reads.manyByKey({ call: "byTitle", table: "book", key: "title" });
      expect(await byTitle.load("\ud800")).toEqual([]);
      expect(request.calls()).toEqual([]);
    });

    test("if two rows have the same key, the first one is returned", async () => {
      const byAuthor = newRequest().reads.oneByKey({ call: "byAuthor", table: "book", key: "author" });
      expect(await byAuthor.load("Ben", { columns: ["title"] })).toMatchObject({ title: "Earth" });
    });

    test.each([
      ["null", null, "booksById: expected a string or a number for id, got null."],
      ["undefined", undefined, "booksById: expected a string or a number for id, got undefined."],
      ["not a number", Number.NaN, "booksById: expected a string or a number for id, got NaN."],
    ])("the key %s is an error that says what is expected", async (_name, key, message) => {
      const books = byId(newRequest());
      // JavaScript callers have no type check.
      const load: (key: never) => Promise<unknown> = books.load;
      await expect(load(key as never)).rejects.toThrow(new TypeError(message));
    });
  });

  describe("columns", () => {
    test("concurrent loads share one call, whatever their columns", async () => {
      const request = newRequest();
      const books = request.reads.oneByKey({ call: "booksById", table: "book", key: "id" });
      const [one, other] = await Promise.all([
        books.load(1, { columns: ["title"] }),
        books.load(2, { columns: ["author"] }),
      ]);
      expect(one).toEqual({ id: 1, title: "Autumn", author: "Ann" });
      expect(other).toEqual({ id: 2, title: "Birds", author: "Ann" });
      expect(request.calls()).toEqual([{ call: "booksById", keys: 2, rows: 2 }]);
    });

    test("a key that was read with all requested columns is not read again; otherwise it is, with the union", async () => {
      const request = newRequest();
      const books = request.reads.oneByKey({ call: "booksById", table: "book", key: "id" });
      const first = books.load(1, { columns: ["title", "author"] });
      await Promise.all([first, books.load(1, { columns: ["title"] })]);
      expect(await books.load(1, { columns: ["author"] })).toBe(await first);
      expect(await books.load(1, { columns: [] })).toBe(await first);
      expect(request.calls()).toHaveLength(1);
      expect(await books.load(1, { columns: ["stars"] })).toEqual({ id: 1, title: "Autumn", author: "Ann", stars: 3 });
      expect(await books.load(1)).toEqual({ id: 1, title: "Autumn", author: "Ann", stars: 3 });
      expect(request.calls()).toHaveLength(3);
      expect(await books.load(1, { columns: ["title", "stars"] })).toBe(await books.load(1));
      expect(request.calls()).toHaveLength(3);
    });

    test("an empty list of columns reads those of the key and the order", async () => {
      const request = newRequest();
      const byAuthor = request.reads.manyByKey({
        call: "booksByAuthor",
        table: "book",
        key: "author",
        orderBy: [{ column: "id", direction: "asc", type: "integer" }],
      });
      expect(await byAuthor.load("Ben", { columns: [] })).toEqual([
        { id: 5, author: "Ben" },
        { id: "9007199254740993", author: "Ben" },
      ]);
    });

    test("an unknown column is an error, and the next load reads again", async () => {
      const request = newRequest();
      const books = request.reads.oneByKey({ call: "booksById", table: "book", key: "id" });
      const wrong: readonly string[] = ["colour"];
      await expect(books.load(1, { columns: wrong as readonly "title"[] })).rejects.toThrow(/colour/);
      expect(await books.load(1, { columns: ["title"] })).toMatchObject({ title: "Autumn" });
      expect(request.calls()).toEqual([
        { call: "booksById", keys: 1, rows: 0, failed: true },
        { call: "booksById", keys: 1, rows: 1 },
      ]);
    });
  });

  describe("many by key", () => {
    const best = [
      { column: "stars", direction: "desc", nulls: "last", type: "integer" },
      { column: "id", direction: "asc", type: "integer" },
    ] as const;

    test("each key has its rows in their order, and a key without rows an empty array", async () => {
      const request = newRequest();
      const byAuthor = request.reads.manyByKey({ call: "byAuthor", table: "book", key: "author", orderBy: best });
      const found = await Promise.all(["Ann", "ann", "Ben", "Cid"].map((author) => byAuthor.load(author)));
      expect(found.map(titles)).toEqual([["Clouds", "Autumn", "Birds", "Grass"], ["Dust"], ["Earth", "Hills"], []]);
      expect(request.calls()).toEqual([{ call: "byAuthor", keys: 4, rows: 7 }]);
    });

    test("the first rows of each key are one call for all keys with the same number", async () => {
      const request = newRequest();
      const byAuthor = request.reads.manyByKey({ call: "byAuthor", table: "book", key: "author", orderBy: best });
      const found = await Promise.all([
        byAuthor.load("Ann", { first: 2 }),
        byAuthor.load("ann", { first: 2 }),
        byAuthor.load("Ben", { first: 1 }),
        byAuthor.load("Ben", { first: 0 }),
      ]);
      expect(found.map(titles)).toEqual([["Clouds", "Autumn"], ["Dust"], ["Earth"], []]);
      expect(request.calls()).toEqual([
        { call: "byAuthor", keys: 2, rows: 3 },
        { call: "byAuthor", keys: 1, rows: 1 },
      ]);
    });

    test("equal arguments share a call, whatever the order of their properties", async () => {
      const request = newRequest();
      const byAuthor = request.reads.manyByKey({
        call: "byAuthor",
        table: "book",
        key: "author",
        orderBy: best,
        where: (book, { min, max }: { min?: number; max?: number }) =>
          book.and([...(min ? [book("stars", ">=", min)] : []), ...(max ? [book("stars", "<=", max)] : [])]),
      });
      const found = await Promise.all([
        byAuthor.load("Ann", { arguments: { min: 2, max: 4 } }),
        byAuthor.load("Ben", { arguments: { max: 4, min: 2 } }),
        byAuthor.load("Ann", { arguments: { min: 4, max: undefined } }),
        byAuthor.load("ann", { arguments: { min: 4 } }),
        byAuthor.load("Ann", { arguments: {} }),
      ]);
      expect(found.map(titles)).toEqual([["Autumn"], [], ["Clouds"], ["Dust"], ["Clouds", "Autumn", "Birds", "Grass"]]);
      expect(request.calls().map(({ keys }) => keys)).toEqual([2, 2, 1]);
    });

    test.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])("the first %d are refused", async (first) => {
      const byAuthor = newRequest().reads.manyByKey({ call: "byAuthor", table: "book", key: "author", orderBy: best });
      await expect(byAuthor.load("Ann", { first })).rejects.toThrow(
        new TypeError(`byAuthor: expected first to be a whole number, at least 0, got ${first}.`),
      );
    });

    test("first without an order is rejected", async () => {
      const byAuthor = newRequest().reads.manyByKey({ call: "byAuthor", table: "book", key: "author" });
      await expect(byAuthor.load("Ann", { first: 1 })).rejects.toThrow(/^byAuthor: expected an orderBy/);
    });
  });

  describe("many through a join table", () => {
    const ofShelf = ({ reads }: LibraryRequest) =>
      reads.manyThrough({
        call: "booksOfShelf",
        table: "book",
        key: "id",
        through: { table: "shelf_book", parent: "shelf", child: "book_id" },
        orderBy: [{ column: "id", direction: "asc", type: "integer" }],
        where: (book, least: number) => book("book.stars", ">=", least),
      });

    test("each parent has its rows, in one call, without columns of the join table", async () => {
      const request = newRequest();
      const books = ofShelf(request);
      const load = (shelf: string) => books.load(shelf, { arguments: 1, columns: ["title"] });
      const found = await Promise.all([load("window"), load("Window"), load("door"), load("floor")]);
      expect(found).toEqual([
        [
          { id: 1, title: "Autumn" },
          { id: 3, title: "Clouds" },
        ],
        [{ id: 5, title: "Earth" }],
        [
          { id: 1, title: "Autumn" },
          { id: "9007199254740993", title: "Hills" },
        ],
        [],
      ]);
      expect(request.calls()).toEqual([{ call: "booksOfShelf", keys: 4, rows: 5 }]);
    });

    test("the first rows of each parent", async () => {
      const request = newRequest();
      const books = ofShelf(request);
      const found = await Promise.all(
        ["window", "Window", "door"].map((shelf) => books.load(shelf, { arguments: 1, first: 1 })),
      );
      expect(found.map(titles)).toEqual([["Autumn"], ["Earth"], ["Autumn"]]);
      expect(request.calls()).toEqual([{ call: "booksOfShelf", keys: 3, rows: 3 }]);
    });
  });
});
