import type { ColumnType, Generated } from "kysely";
import { expectTypeOf, test } from "vitest";
import type { OrderOf } from "../../src/relay/order.ts";
import type { Reads } from "../../src/sql/reads.ts";

declare const bookId: unique symbol;
type BookId = number & { readonly [bookId]: true };

interface Library {
  book: {
    id: Generated<BookId>;
    title: string;
    author_id: number | null;
    stars: number | null;
    printed: ColumnType<Date, string, string>;
    /** May exceed 2^53 - 1. */
    isbn: string;
    is_lent: boolean;
    cover: Uint8Array;
  };
  edition: { book_id: number; year: number; publisher: string | null };
  shelf_book: { shelf: string; book_id: BookId };
}

/** Never called: the compiler is the test. */
async function typePromises(reads: Reads<Library>): Promise<void> {
  const bookById = reads.oneByKey({ call: "booksById", table: "book", key: "id" });
  const id = 1 as BookId;
  const whole = await bookById.load(id);
  expectTypeOf(whole?.printed).toEqualTypeOf<Date | undefined>();
  const part = await bookById.load(id, { columns: ["title"] });
  expectTypeOf(part).toEqualTypeOf<Pick<{ title: string }, "title"> | null>();
  // @ts-expect-error a column that was not selected
  part?.stars;
  // @ts-expect-error an unknown column
  bookById.load(id, { columns: ["titel"] });
  // @ts-expect-error another type of key
  bookById.load("1");
  // @ts-expect-error null is not a key
  bookById.load(null);
  // @ts-expect-error arguments where there are none
  bookById.load(id, { arguments: { stars: 3 } });
  // @ts-expect-error an unknown table
  reads.oneByKey({ call: "x", table: "boook", key: "id" });
  // @ts-expect-error an unknown key column
  reads.oneByKey({ call: "x", table: "book", key: "idd" });
  // @ts-expect-error a column that cannot be a key
  reads.oneByKey({ call: "x", table: "book", key: "cover" });

  const editions = reads.oneByKey({ call: "editions", table: "edition", key: ["book_id", "year"] });
  await editions.load({ book_id: 1, year: 2026 });
  // @ts-expect-error a part of a composite key
  await editions.load({ book_id: 1 });
  // @ts-expect-error another type in a composite key
  await editions.load({ book_id: 1, year: "2026" });
  // @ts-expect-error a column of another table
  reads.oneByKey({ call: "x", table: "edition", key: ["book_id", "title"] });

  const byAuthor = reads.manyByKey({
    call: "booksByAuthor",
    table: "book",
    key: "author_id",
    orderBy: [{ column: "id", direction: "asc", type: "integer" }],
    where: (book, { stars }: { stars: number }) => book("stars", ">=", stars),
  });
  expectTypeOf(await byAuthor.load(1, { arguments: { stars: 3 }, columns: ["title"], first: 3 })).toEqualTypeOf<
    readonly Pick<{ title: string }, "title">[]
  >();
  // @ts-expect-error missing arguments
  byAuthor.load(1);
  // @ts-expect-error arguments of another type
  byAuthor.load(1, { arguments: { stars: "3" } });
  reads.manyByKey({
    call: "x",
    table: "book",
    key: "author_id",
    // @ts-expect-error a column of no table
    where: (book) => book("starz", ">=", 3),
  });

  const ofShelf = reads.manyThrough({
    call: "booksOfShelf",
    table: "book",
    key: "id",
    through: { table: "shelf_book", parent: "shelf", child: "book_id" },
  });
  expectTypeOf(ofShelf.load).parameter(0).toEqualTypeOf<string>();
  reads.manyThrough({
    call: "x",
    table: "book",
    key: "id",
    // @ts-expect-error the join table has no such column
    through: { table: "shelf_book", parent: "self", child: "book_id" },
  });

  const pages = reads.pageByParent({
    call: "pages",
    table: "book",
    parent: "author_id",
    id: "id",
    orderBy: ({ best }: { best: boolean }) => [
      { column: "stars", direction: best ? "desc" : "asc", type: "integer", nulls: "last" },
      { column: "id", direction: "asc", type: "integer" },
    ],
  });
  const window = { size: 3, backward: false };
  const page = await pages.load(1, { window, arguments: { best: true }, columns: ["title"] });
  expectTypeOf(page.rows[0]).toEqualTypeOf<Pick<{ title: string }, "title"> | undefined>();
  // @ts-expect-error missing arguments
  pages.load(1, { window });
  // @ts-expect-error a page has a window
  pages.load(1, { arguments: { best: true } });
  const table = reads.page({
    call: "books",
    table: "book",
    orderBy: [{ column: "isbn", direction: "asc", type: "integer" }],
  });
  expectTypeOf((await table.load({ window })).rows[0]?.is_lent).toEqualTypeOf<boolean | undefined>();

  expectTypeOf(await reads.count({ call: "x", table: "book" }).load()).toEqualTypeOf<number>();
  const counts = reads.countByParent({ call: "x", table: "book", parent: "author_id" });
  expectTypeOf(await counts.load(1)).toEqualTypeOf<number>();
  const lent = reads.existsByParent({
    call: "x",
    table: "book",
    parent: "author_id",
    where: (book, isLent: boolean) => book("is_lent", "=", isLent),
  });
  expectTypeOf(await lent.load(1, { arguments: true })).toEqualTypeOf<boolean>();
  // @ts-expect-error an unknown table
  reads.clear("boook");
  reads.clear("book", "edition");
}

type Book = { id: number; title: string; stars: number | null; printed: Date; is_lent: boolean; cover: Uint8Array };

const orders: readonly OrderOf<Book>[] = [
  [{ column: "printed", direction: "desc", type: "timestamp" }],
  [{ column: "stars", direction: "desc", type: "integer", nulls: "first" }],
  // @ts-expect-error an unknown column
  [{ column: "titel", direction: "asc", type: "text" }],
  // @ts-expect-error a text is not a number
  [{ column: "title", direction: "asc", type: "double" }],
  // @ts-expect-error a number is not a text
  [{ column: "id", direction: "asc", type: "text" }],
  // @ts-expect-error a nullable column requires nulls
  [{ column: "stars", direction: "asc", type: "integer" }],
  // @ts-expect-error nulls is forbidden for a column that is not nullable
  [{ column: "id", direction: "asc", type: "integer", nulls: "last" }],
  // @ts-expect-error bytes have no order type
  [{ column: "cover", direction: "asc", type: "text" }],
  // @ts-expect-error an order has a column
  [],
];

test("code that does not match the tables does not compile: `npm run check:types` reads this file", () => {
  expectTypeOf(typePromises).toBeFunction();
  expectTypeOf<(typeof orders)[number]>().toEqualTypeOf<OrderOf<Book>>();
});
