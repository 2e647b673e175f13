import { sql } from "kysely";
import { testDatabases } from "tributary-testing/databases.ts";
import { describe, expect, test } from "vitest";
import type { OrderOf } from "../../../src/relay/order.ts";
import type { PageRows, PageWindow } from "../../../src/relay/page.ts";
import { type BookTable, type LibraryRequest, requestOn, useLibrary } from "../support/library.ts";

const forward = (size: number, places: Partial<PageWindow> = {}): PageWindow => ({ size, backward: false, ...places });
const backward = (size: number, places: Partial<PageWindow> = {}): PageWindow => ({ size, backward: true, ...places });

const titles = ({ rows, hasMore }: PageRows<{ readonly title: string }>) => [rows.map(({ title }) => title), hasMore];

describe.each(testDatabases)("on %s", (name) => {
  const library = useLibrary(name);
  const newRequest = () => requestOn(library());
  const orders = {
    best: [
      { column: "stars", direction: "desc", type: "integer", nulls: "last" },
      { column: "id", direction: "asc", type: "integer" },
    ],
    worst: [
      { column: "stars", direction: "asc", type: "integer", nulls: "first" },
      { column: "id", direction: "desc", type: "integer" },
    ],
  } as const satisfies Record<string, OrderOf<BookTable>>;
  const byAuthor = ({ reads }: LibraryRequest) =>
    reads.pageByParent({
      call: "booksByAuthor",
      table: "book",
      parent: "author",
      id: "id",
      orderBy: (order: keyof typeof orders) => orders[order],
    });
  const load = (request: LibraryRequest, author: string, window: PageWindow, order: keyof typeof orders = "best") =>
    byAuthor(request).load(author, { window, arguments: order });

  test("each parent has its page and whether more rows follow, in one call per window", async () => {
    const request = newRequest();
    const books = byAuthor(request);
    const ofAuthor = (author: string) => books.load(author, { window: forward(2), arguments: "best" });
    const pages = await Promise.all(["Ann", "ann", "Ben", "Cid"].map(ofAuthor));
    expect(pages.map(titles)).toEqual([
      [["Clouds", "Autumn"], true],
      [["Dust"], false],
      [["Earth", "Hills"], false],
      [[], false],
    ]);
    expect(request.calls()).toEqual([{ call: "booksByAuthor", keys: 4, rows: 6 }]);
  });

  test("a page starts after a bound and ends before one, with ties and NULLs, in both directions", async () => {
    const request = newRequest();
    const page = await load(request, "Ann", forward(4));
    expect(titles(page)).toEqual([["Clouds", "Autumn", "Birds", "Grass"], false]);
    const [clouds, autumn, birds, grass] = page.rows.map((row) => page.orderValues(row));
    expect([clouds, autumn, birds, grass]).toEqual([
      [5, 3],
      [3, 1],
      [null, 2],
      [null, 7],
    ]);
    const found = await Promise.all([
      load(request, "Ann", forward(2, { after: clouds })),
      load(request, "Ann", forward(2, { after: birds })),
      load(request, "Ann", forward(2, { after: grass })),
      load(request, "Ann", backward(2)),
      load(request, "Ann", backward(2, { before: birds })),
      load(request, "Ann", backward(2, { before: grass })),
      load(request, "Ann", forward(9, { after: clouds, before: grass })),
      load(request, "Ann", backward(1, { after: clouds, before: grass })),
    ]);
    expect(found.map(titles)).toEqual([
      [["Autumn", "Birds"], true],
      [["Grass"], false],
      [[], false],
      [["Birds", "Grass"], true],
      [["Clouds", "Autumn"], false],
      [["Autumn", "Birds"], true],
      [["Autumn", "Birds"], false],
      [["Birds"], true],
    ]);
  });

  test("another order is another page", async () => {
    const request = newRequest();
    expect(titles(await load(request, "Ann", forward(3), "worst"))).toEqual([["Grass", "Birds", "Autumn"], true]);
    expect(titles(await load(request, "Ann", forward(3, { after: [null, 2] }), "worst"))).toEqual([
      ["Autumn", "Clouds"],
      false,
    ]);
  });

  test("a page of size 0 only reads whether there are rows", async () => {
    const request = newRequest();
    expect(titles(await load(request, "Ann", forward(0)))).toEqual([[], true]);
    expect(titles(await load(request, "Cid", forward(0)))).toEqual([[], false]);
    expect(request.calls().map(({ rows }) => rows)).toEqual([1, 0]);
  });

  test("long integers, composite keys and a part of the columns", async () => {
    const request = newRequest();
    const editions = request.reads.pageByParent({
      call: "editions",
      table: "edition",
      parent: ["book_id", "year"],
      id: ["book_id", "year"],
      orderBy: [{ column: "year", direction: "asc", type: "integer" }],
    });
    const key = { book_id: "9007199254740993", year: 2020 };
    const { rows } = await editions.load(key, { window: forward(1), columns: ["publisher"] });
    expect(rows).toEqual([{ ...key, publisher: "South" }]);
    const ofBook = request.reads.pageByParent({
      call: "byBook",
      table: "edition",
      parent: "book_id",
      id: ["book_id", "year"],
      orderBy: [{ column: "year", direction: "desc", type: "integer" }],
    });
    const pages = await Promise.all([1, "9007199254740993"].map((id) => ofBook.load(id, { window: forward(1) })));
    expect(pages.map(({ rows, hasMore }) => [rows.map(({ year }) => year), hasMore])).toEqual([
      [[2021], true],
      [[2020], false],
    ]);
  });

  test("a page of each parent over a join table", async () => {
    const request = newRequest();
    const books = request.reads.pageThrough({
      call: "booksOfShelf",
      table: "book",
      id: "id",
      through: { table: "shelf_book", parent: "shelf", child: "book_id" },
      orderBy: [{ column: "id", direction: "asc", type: "integer" }],
    });
    const ofShelf = (shelf: string, window: PageWindow) => books.load(shelf, { window, columns: ["title"] });
    const pages = await Promise.all(["window", "Window", "door", "floor"].map((shelf) => ofShelf(shelf, forward(1))));
    expect(pages.map(titles)).toEqual([
      [["Autumn"], true],
      [["Earth"], false],
      [["Autumn"], true],
      [[], false],
    ]);
    expect(pages[0]?.rows).toEqual([{ id: 1, title: "Autumn" }]);
    expect(titles(await ofShelf("door", forward(5, { after: [1] })))).toEqual([["Birds", "Hills"], false]);
    expect(request.calls().map(({ keys }) => keys)).toEqual([4, 1]);
  });

  test("two spellings of a key each find the rows once, in one call", async () => {
    const request = requestOn(library());
    const orderBy = [{ column: "year", direction: "asc", type: "integer" }] as const;
    const source = { call: "editions", table: "edition", orderBy } as const;
    const pages = request.reads.pageByParent({ ...source, parent: "book_id", id: ["book_id", "year"] });
    const window = { size: 2, backward: false };
    const found = await Promise.all(["1", "01"].map((key) => pages.load(key, { window })));
    expect(found.map(({ rows, hasMore }) => [rows.map(({ year }) => year), hasMore])).toEqual([
      [[2020, 2021], false],
      [[2020, 2021], false],
    ]);
    const many = request.reads.manyByKey({ ...source, key: "book_id" });
    const first = await Promise.all(["1", "01"].map((key) => many.load(key, { first: 2 })));
    expect(first.map((rows) => rows.map(({ year }) => year))).toEqual([
      [2020, 2021],
      [2020, 2021],
    ]);
    expect(request.calls().map(({ keys }) => keys)).toEqual([2, 2]);
  });

  test("a page of a table, in one call however often it is loaded", async () => {
    const request = newRequest();
    const books = request.reads.page({ call: "books", table: "book", orderBy: orders.best });
    const [page, again] = await Promise.all([
      books.load({ window: forward(2), columns: ["title"] }),
      books.load({ window: forward(2), columns: ["author"] }),
    ]);
    expect(titles(page)).toEqual([["Clouds", "Dust"], true]);
    expect(again.rows).toEqual([
      { id: 3, title: "Clouds", author: "Ann", stars: 5 },
      { id: 4, title: "Dust", author: "ann", stars: 4 },
    ]);
    expect(request.calls()).toEqual([{ call: "books", keys: 1, rows: 3 }]);
    const last = await books.load({ window: backward(2) });
    expect(titles(last)).toEqual([["Birds", "Grass"], true]);
  });

  test("a bound that the database cannot convert is BAD_USER_INPUT", async () => {
    const request = newRequest();
    const window = forward(2, { after: ["1e400", 1] });
    const page = request.reads.page({
      call: "books",
      table: "book",
      orderBy: [
        { column: "stars", direction: "asc", type: "double", nulls: "last" },
        { column: "id", direction: "asc", type: "integer" },
      ],
    });
    const ending = await page.load({ window }).then(
      () => "read as infinite",
      ({ code }) => code,
    );
    expect(ending).toBe(name === "postgres" ? "BAD_USER_INPUT" : "read as infinite");
  });

  test.each([-1, 0.5, Number.NaN, 2 ** 31])("a page of %d rows is refused", async (size) => {
    await expect(load(newRequest(), "Ann", forward(size))).rejects.toThrow(
      new TypeError(`booksByAuthor: expected size to be a whole number, at least 0, got ${size}.`),
    );
  });

  test("a row of another page has no order values in this one", async () => {
    const request = newRequest();
    const page = await load(request, "Ann", forward(1));
    const other = await load(request, "Ben", forward(1));
    expect(() => other.rows.map((row) => page.orderValues(row))).toThrow(
      "Expected a row of this page, got a row of another page.",
    );
  });

  test("an order with a wrong type for a column is an error that names both", async () => {
    const page = newRequest().reads.page({
      call: "books",
      table: "book",
      orderBy: [{ column: "title", direction: "asc", type: "integer" }],
    });
    const { rows, orderValues } = await page.load({ window: forward(1) });
    expect(() => rows.map(orderValues)).toThrow('Expected the order column title to be of type integer, got "Autumn".');
  });

  test("an order without a column, built at run time, is rejected", async () => {
    const none: readonly never[] = [];
    const page = newRequest().reads.page({
      call: "books",
      table: "book",
      orderBy: () => none as unknown as typeof orders.best,
    });
    await expect(page.load({ window: forward(1) })).rejects.toThrow("books: expected an order of at least one column.");
  });

  test("a custom query is one call, and a custom loader batches and caches like the others", async () => {
    const request = newRequest();
    const shelvedBooks = request.reads.loader(["shelf_book"], async (ids: readonly number[]) => {
      const query = sql<{
        book_id: number | string;
      }>`select distinct book_id from shelf_book where book_id in (${sql.join(ids)})`;
      const found = new Set((await request.reads.query("shelved", ids.length, query)).map(({ book_id }) => book_id));
      return ids.map((id) => found.has(id));
    });
    expect(await shelvedBooks.loadMany([1, 6, 3])).toEqual([true, false, true]);
    expect(request.calls()).toEqual([{ call: "shelved", keys: 3, rows: 2 }]);
  });
});
