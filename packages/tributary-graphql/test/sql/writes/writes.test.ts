import { sql } from "kysely";
import { testDatabases, useBlankDatabases } from "tributary-testing/databases.ts";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Database } from "../../../src/sql/database.ts";
import { openDatabase } from "../../../src/sql/open.ts";
import { createLibrary, type Library, type LibraryRequest, requestOn } from "../support/library.ts";

describe.each(testDatabases)("on %s", (name) => {
  const blank = useBlankDatabases(name);
  let database: Database<Library>;
  let request: LibraryRequest;

  beforeEach(async () => {
    database = await openDatabase<Library>(await blank(), { poolSize: 3 });
    await createLibrary(database);
    request = requestOn(database);
  });
  afterEach(() => database?.close());

  const readersOf = (reads: LibraryRequest["reads"]) => ({
    bookById: reads.oneByKey({ call: "booksById", table: "book", key: "id" }),
    editions: reads.manyByKey({ call: "editions", table: "edition", key: "book_id" }),
    ofShelf: reads.manyThrough({
      call: "booksOfShelf",
      table: "book",
      key: "id",
      through: { table: "shelf_book", parent: "shelf", child: "book_id" },
    }),
    unshelved: reads.count({
      call: "unshelved",
      table: "book",
      where: (book) =>
        book.not(
          book.exists(book.selectFrom("shelf_book").whereRef("shelf_book.book_id", "=", "book.id").select("shelf")),
        ),
    }),
  });

  /** The readers that read again. */
  async function readAgain(work: () => Promise<unknown>): Promise<string[]> {
    const readers = readersOf(request.reads);
    const readAll = async () => {
      await readers.bookById.load(1);
      await readers.editions.load(1);
      await readers.ofShelf.load("door");
      await readers.unshelved.load();
    };
    await readAll();
    await work();
    const before = request.calls().length;
    await readAll();
    return request
      .calls()
      .slice(before)
      .map(({ call }) => call);
  }

  test("a write is one call, with the number of changed rows, and clears the readers of the changed table", async () => {
    const title = await request.reads.write("rename", async (trx) => {
      await trx.updateTable("book").set({ title: "Winter" }).where("author", "=", "Ben").execute();
      await trx.insertInto("book").values({ id: 8, title: "Ice", author: null, stars: null }).execute();
      return "Winter";
    });
    expect(title).toBe("Winter");
    expect(request.calls()).toEqual([{ call: "rename", keys: 1, rows: 3 }]);
    expect(await readersOf(request.reads).bookById.load(8)).toMatchObject({ title: "Ice" });
  });

  test("a write only clears the readers of the changed tables: tables, join tables, and those of a condition", async () => {
    const { reads } = request;
    expect(await readAgain(() => reads.write("w", (trx) => trx.deleteFrom("edition").execute()))).toEqual(["editions"]);
    expect(
      await readAgain(() => reads.write("w", (trx) => trx.updateTable("book").set({ stars: 1 }).execute())),
    ).toEqual(["booksById", "booksOfShelf", "unshelved"]);
    expect(
      await readAgain(() =>
        reads.write("w", (trx) => trx.insertInto("shelf_book").values({ shelf: "door", book_id: 6 }).execute()),
      ),
    ).toEqual(["booksOfShelf", "unshelved"]);
    expect(await readAgain(() => reads.write("w", (trx) => trx.selectFrom("book").selectAll().execute()))).toEqual([]);
  });

  test("raw SQL clears all readers unless it is a plain select", async () => {
    const { reads } = request;
    const all = ["booksById", "editions", "booksOfShelf", "unshelved"];
    expect(await readAgain(() => reads.write("w", (trx) => sql`delete from edition`.execute(trx)))).toEqual(all);
    expect(await readAgain(() => reads.write("w", (trx) => sql`select * from edition`.execute(trx)))).toEqual([]);
    const compiled = database.db.deleteFrom("edition").compile();
    expect(await readAgain(() => reads.write("w", (trx) => trx.executeQuery(compiled)))).toEqual(all);
  });

  test("a load after a write does not share a read that was pending during the write", async () => {
    const { bookById } = readersOf(request.reads);
    const early = bookById.load(1);
    // The batch is pending, or already complete.
    await new Promise(setImmediate);
    request.reads.clear("book");
    const late = bookById.load(1);
    expect(await late).not.toBe(await early);
    expect(await bookById.load(1)).toBe(await late);
    request.reads.clear();
    expect(await bookById.load(1)).not.toBe(await late);
    request.reads.clear("edition");
    expect(request.calls().map(({ keys }) => keys)).toEqual([1, 1, 1]);
  });

  test("a failed write changes nothing, is a failed call, and clears the readers of its tables", async () => {
    const failure = new Error("no");
    const again = await readAgain(() =>
      expect(
        request.reads.write("rename", async (trx) => {
          await trx.updateTable("book").set({ title: "Winter" }).execute();
          throw failure;
        }),
      ).rejects.toBe(failure),
    );
    expect(again).toEqual(["booksById", "booksOfShelf", "unshelved"]);
    expect(request.calls()).toContainEqual({ call: "rename", keys: 1, rows: 0, failed: true });
    expect(await readersOf(request.reads).bookById.load(1)).toMatchObject({ title: "Autumn" });
  });

  test("readers inside a transaction see its changes, others only after its end", async () => {
    const outside = readersOf(request.reads);
    await outside.bookById.load(1);
    await request.reads.write("rename", async (trx) => {
      const inside = readersOf(request.reads.within(trx));
      expect(await inside.bookById.load(1)).toMatchObject({ title: "Autumn" });
      await trx.updateTable("book").set({ title: "Winter" }).where("id", "=", 1).execute();
      expect(await inside.bookById.load(1)).toMatchObject({ title: "Winter" });
      expect(await inside.bookById.load(1)).toBe(await inside.bookById.load(1));
      expect(await outside.bookById.load(1)).toMatchObject({ title: "Autumn" });
      if (name !== "sqlite") expect(await outside.bookById.load(2)).toMatchObject({ title: "Birds" });
    });
    expect(await outside.bookById.load(1)).toMatchObject({ title: "Winter" });
  });

  test("readers inside a custom transaction, several concurrently and with more keys than the maximum per statement", async () => {
    await database.db.transaction().execute(async (trx) => {
      await trx.updateTable("book").set({ title: "Winter" }).where("id", "=", 1).execute();
      const { bookById, editions, ofShelf } = readersOf(request.reads.within(trx));
      const ids = Array.from({ length: 12_000 }, (_, index) => index + 1);
      const [books, edition, onDoor] = await Promise.all([
        Promise.all(ids.map((id) => bookById.load(id))),
        editions.load(1),
        ofShelf.load("door"),
      ]);
      expect(books.filter((book) => book !== null)).toHaveLength(7);
      expect([books[0]?.title, edition.length, onDoor.length]).toEqual(["Winter", 2, 3]);
    });
  });

  test("a write inside a transaction is part of it", async () => {
    const failure = new Error("no");
    const outer = request.reads.write("outer", async (trx) => {
      const within = request.reads.within(trx);
      const { bookById } = readersOf(within);
      await bookById.load(1);
      await within.write("inner", (inner) => inner.updateTable("book").set({ title: "Winter" }).execute());
      expect(await bookById.load(1)).toMatchObject({ title: "Winter" });
      throw failure;
    });
    await expect(outer).rejects.toBe(failure);
    expect(await readersOf(request.reads).bookById.load(1)).toMatchObject({ title: "Autumn" });
  });

  test("concurrent statements, one of which fails, leave the connections usable", async () => {
    const warnings: Error[] = [];
    const warn = (warning: Error) => warnings.push(warning);
    process.on("warning", warn);
    for (const _ of [1, 2, 3, 4]) {
      const failed = request.reads.write("both", (trx) =>
        Promise.all([
          trx.updateTable("book").set({ title: "Winter" }).execute(),
          sql`insert into nowhere values (1)`.execute(trx),
          trx.updateTable("book").set({ stars: 9 }).execute(),
        ]),
      );
      await expect(failed).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE", source: "database" });
    }
    await request.reads.write("after", (trx) =>
      trx.updateTable("book").set({ stars: 2 }).where("id", "=", 1).execute(),
    );
    expect(await readersOf(request.reads).bookById.load(1)).toEqual({
      id: 1,
      title: "Autumn",
      author: "Ann",
      stars: 2,
    });
    process.off("warning", warn);
    expect(warnings).toEqual([]);
  });

  test("an abort in the middle of a write rolls back, and its connections can be used again", async () => {
    const gone = new Error("the client has left");
    for (const _ of [1, 2, 3, 4]) {
      const request = requestOn(database);
      const given = request.reads.write("rename", async (trx) => {
        const { bookById } = readersOf(request.reads.within(trx));
        await trx.updateTable("book").set({ title: "Winter" }).execute();
        const loads = [1, 2, 3].map((id) => bookById.load(id, { columns: ["title"] }));
        request.abort(gone);
        await Promise.all(loads);
      });
      await expect(given).rejects.toBe(gone);
      await expect(request.reads.write("late", async () => {})).rejects.toBe(gone);
    }
    expect(await readersOf(request.reads).bookById.load(1)).toMatchObject({ title: "Autumn" });
    await request.reads.write("after", (trx) => trx.updateTable("book").set({ title: "Spring" }).execute());
    expect(await readersOf(request.reads).bookById.load(1)).toMatchObject({ title: "Spring" });
  });

  test("an abort during a transaction's first read does not fail the first read of another request", async () => {
    const gone = new Error("the client has left");
    const other = requestOn(database);
    let others: Promise<unknown> | undefined;
    const given = request.reads.write("read", async (trx) => {
      const within = request.reads.within(trx);
      const own = [within.query("slow", 1, slowQueries[database.kind]), readersOf(within).bookById.load(1)];
      await new Promise(setImmediate);
      others = readersOf(other.reads).bookById.load(1);
      await new Promise(setImmediate);
      request.abort(gone);
      await Promise.allSettled(own);
    });
    await expect(given).rejects.toBe(gone);
    expect(await others).toMatchObject({ title: "Autumn" });
  });

  test("a statement that runs inside of a transaction runs to its end, and the next one does not start", async () => {
    const gone = new Error("the client has left");
    await database.db.transaction().execute(async (trx) => {
      const within = request.reads.within(trx);
      const slow = within.query("slow", 1, slowQueries[database.kind]);
      await vi.waitFor(() => expect(request.calls()).toHaveLength(1));
      await new Promise(setImmediate);
      request.abort(gone);
      expect(await slow).toHaveLength(1);
      await expect(within.query("next", 1, sql`select 1`)).rejects.toBe(gone);
      await trx.updateTable("book").set({ title: "Winter" }).execute();
    });
    expect(await readersOf(requestOn(database).reads).bookById.load(1)).toMatchObject({ title: "Winter" });
  });

  test("an abort at the end of a write rolls back", async () => {
    const gone = new Error("the client has left");
    const given = request.reads.write("rename", async (trx) => {
      await trx.updateTable("book").set({ title: "Winter" }).execute();
      request.abort(gone);
    });
    await expect(given).rejects.toBe(gone);
    expect(await readersOf(requestOn(database).reads).bookById.load(1)).toMatchObject({ title: "Autumn" });
  });

  test("an abort while a write waits for a connection prevents that it begins", async () => {
    const gone = new Error("the client has left");
    const end = Promise.withResolvers<void>();
    const others = [1, 2, 3].map(() => requestOn(database).reads.write("other", () => end.promise));
    const work = vi.fn(async () => {});
    const given = request.reads.write("late", work);
    const refused = expect(given).rejects.toBe(gone);
    await new Promise((resolve) => setTimeout(resolve, 50));
    request.abort(gone);
    if (database.kind !== "sqlite") await refused;
    end.resolve();
    await refused;
    await Promise.all(others);
    expect(work).not.toHaveBeenCalled();
    await requestOn(database).reads.write("next", (trx) => trx.deleteFrom("book").execute());
  });
});

/** They take a tenth of a second or so. */
const slowQueries = {
  sqlite: sql`with recursive n(n) as (select 1 union all select n + 1 from n where n < 500000) select count(*) from n`,
  postgres: sql`select pg_sleep(0.1)`,
  mysql: sql`select sleep(0.1)`,
};
