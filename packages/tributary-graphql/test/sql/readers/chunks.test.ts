import { sql } from "kysely";
import { testDatabases } from "tributary-testing/databases.ts";
import { describe, expect, test } from "vitest";
import { inChunks } from "../../../src/sql/readers/chunks.ts";
import { requestOn, useLibrary } from "../support/library.ts";

describe("chunks of a batch", () => {
  const keys = Array.from({ length: 95 }, (_, index) => index);

  test("run at most four concurrently, and their values are in the order of the keys", async () => {
    let running = 0;
    let most = 0;
    const values = await inChunks(keys, 10, async (chunk) => {
      running += 1;
      most = Math.max(most, running);
      // The first chunks end last.
      for (let turn = chunk[0] ?? 0; turn < 100; turn += 10) await new Promise(setImmediate);
      running -= 1;
      return chunk.map((key) => key * 2);
    });
    expect(values).toEqual(keys.map((key) => key * 2));
    expect(most).toBe(4);
  });

  test("a failed chunk has its error for each of its keys, and the others have their values", async () => {
    const values = await inChunks(keys, 40, async (chunk) => {
      if (chunk.includes(50)) throw new Error("no");
      return chunk;
    });
    expect(values.filter((value) => value instanceof Error)).toHaveLength(40);
    expect([values[0], values[40], values[94]]).toEqual([0, new Error("no"), 94]);
  });

  test("a single chunk, also an empty one, runs once and throws its error", async () => {
    expect(await inChunks([], 10, async (chunk) => [chunk.length])).toEqual([0]);
    await expect(inChunks(keys, 95, async () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  });
});

describe.each(testDatabases)("on %s", (name) => {
  const library = useLibrary(name);
  const ids = Array.from({ length: 70_000 }, (_, index) => index + 1);

  test("70,000 keys are read, each once, in statements within the database's limits", async () => {
    const { reads, calls } = requestOn(library());
    const bookById = reads.oneByKey({ call: "one", table: "book", key: "id" });
    const byParent = { table: "edition", parent: "book_id" } as const;
    const countByBook = reads.countByParent({ call: "count", ...byParent });
    const books = await Promise.all(ids.map((id) => bookById.load(id, { columns: ["title"] })));
    expect(books.filter((book) => book !== null)).toHaveLength(7);
    expect(books[6]).toEqual({ id: 7, title: "Grass" });
    const counts = await Promise.all(ids.map((id) => countByBook.load(id)));
    expect([counts[0], counts[1], counts.length]).toEqual([2, 0, 70_000]);
    const keysOf = (asked: string) =>
      calls()
        .filter(({ call }) => call === asked)
        .reduce((sum, { keys }) => sum + keys, 0);
    expect([keysOf("one"), keysOf("count")]).toEqual([70_000, 70_000]);
    const most = Math.max(...calls().map(({ keys }) => keys));
    expect(most).toBe(name === "mariadb" ? 900 : 10_000);
  });

  test("70,000 parents get their pages and their existence, with composite keys and texts", async () => {
    const { reads, calls } = requestOn(library());
    const editions = reads.pageByParent({
      call: "pages",
      table: "edition",
      parent: "book_id",
      id: ["book_id", "year"],
      orderBy: [{ column: "year", direction: "desc", type: "integer" }],
    });
    const window = { size: 1, backward: false };
    const pages = await Promise.all(ids.map((id) => editions.load(id, { window })));
    expect(pages.filter(({ rows }) => rows.length > 0).map(({ rows, hasMore }) => [rows[0]?.year, hasMore])).toEqual([
      [2021, true],
    ]);
    const isEdition = reads.existsByParent({ call: "exists", table: "edition", parent: ["book_id", "year"] });
    const found = await Promise.all(ids.map((id) => isEdition.load({ book_id: 1, year: id })));
    expect(found.flatMap((exists, index) => (exists ? [index + 1] : []))).toEqual([2020, 2021]);
    const byAuthor = reads.manyByKey({ call: "many", table: "book", key: "author" });
    const authors = await Promise.all(ids.map((id) => byAuthor.load(id === 69_999 ? "Ann" : `nobody ${id}`)));
    expect(authors.findIndex((books) => books.length === 4)).toBe(69_998);
    expect(new Set(calls().map(({ call }) => call))).toEqual(new Set(["pages", "exists", "many"]));
  }, 180_000);
});

describe("on sqlite", () => {
  const library = useLibrary("sqlite");

  test("a failed statement fails only its own keys, and the next load reads again", async () => {
    const { reads, calls } = requestOn(library());
    let isBroken = true;
    const byId = reads.oneByKey({
      call: "books",
      table: "book",
      key: "id",
      // The row with the id 7 causes an error for malformed JSON.
      where: () => sql<boolean>`json(case when id = 7 and ${isBroken} then '{' else '1' end) = '1'`,
    });
    const ids = [...Array.from({ length: 10_000 }, (_, index) => index + 100), 7, 5];
    const settled = await Promise.allSettled([1, ...ids].map((id) => byId.load(id)));
    expect(settled.filter(({ status }) => status === "rejected")).toHaveLength(3);
    expect(settled[0]).toMatchObject({ value: { title: "Autumn" } });
    expect(settled.at(-1)).toMatchObject({ reason: { message: expect.stringContaining("malformed JSON") } });
    expect(calls()).toEqual([
      { call: "books", keys: 10_000, rows: 1 },
      { call: "books", keys: 3, rows: 0, failed: true },
    ]);
    isBroken = false;
    expect(await byId.load(1)).toMatchObject({ title: "Autumn" });
    expect(calls()).toHaveLength(2);
  });
});
