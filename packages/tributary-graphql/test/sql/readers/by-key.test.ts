import { testDatabases } from "tributary-testing/databases.ts";
import { describe, expect, test } from "vitest";
import { type LibraryRequest, requestOn, useLibrary } from "../support/library.ts";

const titles = (rows: readonly { readonly title: string }[]) => rows.map(({ title }) => title);

describe.each(testDatabases)("on %s", (name) => {
  const library = useLibrary(name);
  const request = () => requestOn(library());

  describe("one by key", () => {
    const byId = ({ reads }: LibraryRequest) => reads.oneByKey({ call: "booksById", table: "book", key: "id" });

    test("a key has its row or null, and the keys of one moment are one call", async () => {
      const asked = request();
      const books = byId(asked);
      const found = await Promise.all([books.load(2), books.load(99), books.load(2), books.load(5)]);
      expect(found.map((book) => book?.title)).toEqual(["Birds", undefined, "Birds", "Earth"]);
      expect(found[1]).toBeNull();
      expect(found[0]).toEqual({ id: 2, title: "Birds", author: "Ann", stars: null });
      expect(asked.calls()).toEqual([{ call: "booksById", keys: 3, rows: 2 }]);
    });

    test("a number and its digits find the same row, also beyond what a number holds, and another spelling finds the same row", async () => {
      const asked = request();
      const books = byId(asked);
      const found = await Promise.all(
        [1, "1", "9007199254740993", "9007199254740992", "01"].map((id) => books.load(id, { columns: ["id"] })),
      );
      expect(found).toEqual([{ id: 1 }, { id: 1 }, { id: "9007199254740993" }, null, { id: 1 }]);
      // SQLite has columns in which they are two values.
      const keys = name === "sqlite" ? 5 : 4;
      expect(asked.calls()).toEqual([{ call: "booksById", keys, rows: expect.any(Number) }]);
    });

    test("a text finds only what is the very same text where the collation has it so", async () => {
      const asked = request();
      const byPublisher = asked.reads.oneByKey({ call: "byPublisher", table: "edition", key: "publisher" });
      const found = await Promise.all(["North", "north", "North ", "Nörth"].map((key) => byPublisher.load(key)));
      expect(found).toEqual([{ book_id: 1, year: 2020, publisher: "North" }, null, null, null]);
    });

    test("a composite key has its row, and NULL in a column of a row matches nothing", async () => {
      const asked = request();
      const editions = asked.reads.oneByKey({ call: "editions", table: "edition", key: ["book_id", "year"] });
      const found = await Promise.all([
        editions.load({ book_id: 1, year: 2021 }),
        editions.load({ year: 2020, book_id: "9007199254740993" }),
        editions.load({ book_id: 2021, year: 1 }),
      ]);
      expect(found.map((edition) => edition?.publisher)).toEqual([null, "South", undefined]);
      expect(asked.calls()).toEqual([{ call: "editions", keys: 3, rows: 2 }]);
      const published = asked.reads.oneByKey({ call: "published", table: "edition", key: ["publisher", "year"] });
      expect(await published.load({ publisher: "null", year: 2021 })).toBeNull();
    });

    test("texts that no row can have find nothing and spoil nothing for the others", async () => {
      const asked = request();
      const byTitle = asked.reads.oneByKey({ call: "byTitle", table: "book", key: "title" });
      const found = await Promise.all(["\ud800", "a\0b", "Fog", "", "'; --"].map((title) => byTitle.load(title)));
      expect(found.map((book) => book?.id)).toEqual([undefined, undefined, 6, undefined, undefined]);
      const published = asked.reads.oneByKey({ call: "published", table: "edition", key: ["publisher", "year"] });
      const editions = await Promise.all(
        ["\udc00", "a\0b", "North"].map((publisher) => published.load({ publisher, year: 2020 })),
      );
      expect(editions.map((edition) => edition?.book_id)).toEqual([undefined, undefined, 1]);
    });

    test("when no key can be found nothing is called", async () => {
      const asked = request();
      const byTitle = asked.reads.manyByKey({ call: "byTitle", table: "book", key: "title" });
      expect(await byTitle.load("\ud800")).toEqual([]);
      expect(asked.calls()).toEqual([]);
    });

    test("of two rows with one key the first counts", async () => {
      const byAuthor = request().reads.oneByKey({ call: "byAuthor", table: "book", key: "author" });
      expect(await byAuthor.load("Ben", { columns: ["title"] })).toMatchObject({ title: "Earth" });
    });

    test.each([
      ["null", null, "booksById: expected a string or a number for id, got null."],
      ["undefined", undefined, "booksById: expected a string or a number for id, got undefined."],
      ["not a number", Number.NaN, "booksById: expected a string or a number for id, got NaN."],
    ])("the key %s is an error that says what is expected", async (_name, key, message) => {
      const books = byId(request());
      // What JavaScript lets through the types.
      const load: (key: never) => Promise<unknown> = books.load;
      await expect(load(key as never)).rejects.toThrow(new TypeError(message));
    });
  });

  describe("columns", () => {
    test("loads of one moment share one call, whatever columns they name", async () => {
      const asked = request();
      const books = asked.reads.oneByKey({ call: "booksById", table: "book", key: "id" });
      const [one, other] = await Promise.all([
        books.load(1, { columns: ["title"] }),
        books.load(2, { columns: ["author"] }),
      ]);
      expect(one).toEqual({ id: 1, title: "Autumn", author: "Ann" });
      expect(other).toEqual({ id: 2, title: "Birds", author: "Ann" });
      expect(asked.calls()).toEqual([{ call: "booksById", keys: 2, rows: 2 }]);
    });

    test("what was read with enough columns is not read again; with too few it is, with both", async () => {
      const asked = request();
      const books = asked.reads.oneByKey({ call: "booksById", table: "book", key: "id" });
      const first = books.load(1, { columns: ["title", "author"] });
      await Promise.all([first, books.load(1, { columns: ["title"] })]);
      expect(await books.load(1, { columns: ["author"] })).toBe(await first);
      expect(await books.load(1, { columns: [] })).toBe(await first);
      expect(asked.calls()).toHaveLength(1);
      expect(await books.load(1, { columns: ["stars"] })).toEqual({ id: 1, title: "Autumn", author: "Ann", stars: 3 });
      expect(await books.load(1)).toEqual({ id: 1, title: "Autumn", author: "Ann", stars: 3 });
      expect(asked.calls()).toHaveLength(3);
      expect(await books.load(1, { columns: ["title", "stars"] })).toBe(await books.load(1));
      expect(asked.calls()).toHaveLength(3);
    });

    test("no columns at all are those of the key and the order", async () => {
      const asked = request();
      const byAuthor = asked.reads.manyByKey({
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

    test("a column that the table has not is an error, and the next load is tried anew", async () => {
      const asked = request();
      const books = asked.reads.oneByKey({ call: "booksById", table: "book", key: "id" });
      const wrong: readonly string[] = ["colour"];
      await expect(books.load(1, { columns: wrong as readonly "title"[] })).rejects.toThrow(/colour/);
      expect(await books.load(1, { columns: ["title"] })).toMatchObject({ title: "Autumn" });
      expect(asked.calls()).toEqual([
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

    test("each key has its rows in their order, and a key without any has none", async () => {
      const asked = request();
      const byAuthor = asked.reads.manyByKey({ call: "byAuthor", table: "book", key: "author", orderBy: best });
      const found = await Promise.all(["Ann", "ann", "Ben", "Cid"].map((author) => byAuthor.load(author)));
      expect(found.map(titles)).toEqual([["Clouds", "Autumn", "Birds", "Grass"], ["Dust"], ["Earth", "Hills"], []]);
      expect(asked.calls()).toEqual([{ call: "byAuthor", keys: 4, rows: 7 }]);
    });

    test("the first of each key are read in one call for all keys that want as many", async () => {
      const asked = request();
      const byAuthor = asked.reads.manyByKey({ call: "byAuthor", table: "book", key: "author", orderBy: best });
      const found = await Promise.all([
        byAuthor.load("Ann", { first: 2 }),
        byAuthor.load("ann", { first: 2 }),
        byAuthor.load("Ben", { first: 1 }),
        byAuthor.load("Ben", { first: 0 }),
      ]);
      expect(found.map(titles)).toEqual([["Clouds", "Autumn"], ["Dust"], ["Earth"], []]);
      expect(asked.calls()).toEqual([
        { call: "byAuthor", keys: 2, rows: 3 },
        { call: "byAuthor", keys: 1, rows: 1 },
      ]);
    });

    test("arguments that are equal share a call, in whatever order their properties stand", async () => {
      const asked = request();
      const byAuthor = asked.reads.manyByKey({
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
      expect(asked.calls().map(({ keys }) => keys)).toEqual([2, 2, 1]);
    });

    test.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])("the first %d are refused", async (first) => {
      const byAuthor = request().reads.manyByKey({ call: "byAuthor", table: "book", key: "author", orderBy: best });
      await expect(byAuthor.load("Ann", { first })).rejects.toThrow(
        new TypeError(`byAuthor: expected first to be a whole number, at least 0, got ${first}.`),
      );
    });

    test("the first of what has no order are refused", async () => {
      const byAuthor = request().reads.manyByKey({ call: "byAuthor", table: "book", key: "author" });
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

    test("a row stands with every parent that has it, in one call, and without anything of the join table", async () => {
      const asked = request();
      const books = ofShelf(asked);
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
      expect(asked.calls()).toEqual([{ call: "booksOfShelf", keys: 4, rows: 5 }]);
    });

    test("the first of each parent", async () => {
      const asked = request();
      const books = ofShelf(asked);
      const found = await Promise.all(
        ["window", "Window", "door"].map((shelf) => books.load(shelf, { arguments: 1, first: 1 })),
      );
      expect(found.map(titles)).toEqual([["Autumn"], ["Earth"], ["Autumn"]]);
      expect(asked.calls()).toEqual([{ call: "booksOfShelf", keys: 3, rows: 3 }]);
    });
  });
});
