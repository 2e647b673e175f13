import { sql } from "kysely";
import { type TestDatabaseName, useBlankDatabases } from "tributary-testing/databases.ts";
import { afterAll, beforeAll } from "vitest";
import { CallLog } from "../../../src/core/call-log.ts";
import type { Database } from "../../../src/sql/database.ts";
import { openDatabase } from "../../../src/sql/open.ts";
import { createReads, type Reads } from "../../../src/sql/reads.ts";

/** A few books. */
export interface Library {
  book: BookTable;
  edition: { book_id: number | string; year: number; publisher: string | null };
  shelf_book: { shelf: string; book_id: number | string };
}

export interface BookTable {
  /** 64 bits. */
  id: number | string;
  title: string;
  author: string | null;
  stars: number | null;
}

/** Texts differ by case and trailing spaces. Ann has two books without stars; `ann` is another author. */
const books: readonly BookTable[] = [
  { id: 1, title: "Autumn", author: "Ann", stars: 3 },
  { id: 2, title: "Birds", author: "Ann", stars: null },
  { id: 3, title: "Clouds", author: "Ann", stars: 5 },
  { id: 4, title: "Dust", author: "ann", stars: 4 },
  { id: 5, title: "Earth", author: "Ben", stars: 1 },
  { id: 6, title: "Fog", author: null, stars: 2 },
  { id: 7, title: "Grass", author: "Ann", stars: null },
  { id: "9007199254740993", title: "Hills", author: "Ben", stars: 1 },
];

const editions: readonly Library["edition"][] = [
  { book_id: 1, year: 2020, publisher: "North" },
  { book_id: 1, year: 2021, publisher: null },
  { book_id: "9007199254740993", year: 2020, publisher: "South" },
];

const shelves: readonly Library["shelf_book"][] = [
  { shelf: "window", book_id: 3 },
  { shelf: "window", book_id: 1 },
  { shelf: "Window", book_id: 5 },
  { shelf: "door", book_id: 1 },
  { shelf: "door", book_id: "9007199254740993" },
  { shelf: "door", book_id: 2 },
];

const columnTypes = {
  sqlite: { big: "integer", text: "varchar(50)" },
  postgres: { big: "bigint", text: 'varchar(50) collate "C"' },
  mysql: { big: "bigint", text: "varchar(50) character set utf8mb4 collate utf8mb4_nopad_bin" },
} as const;

export async function createLibrary(database: Database<Library>): Promise<void> {
  const { big, text } = columnTypes[database.kind];
  const { db } = database;
  for (const statement of [
    `create table book (id ${big} primary key, title ${text} not null, author ${text}, stars integer)`,
    `create table edition (book_id ${big} not null, year integer not null, publisher ${text}, primary key (book_id, year))`,
    `create table shelf_book (shelf ${text} not null, book_id ${big} not null)`,
    "create index book_by_author on book (author, stars, id)",
    "create index shelf_book_by_shelf on shelf_book (shelf, book_id)",
  ]) {
    await sql.raw(statement).execute(db);
  }
  await db.insertInto("book").values(books).execute();
  await db.insertInto("edition").values(editions).execute();
  await db.insertInto("shelf_book").values(shelves).execute();
}

/** A library for the tests of this `describe`, which must not write to it. */
export function useLibrary(name: TestDatabaseName): () => Database<Library> {
  const blank = useBlankDatabases(name);
  let database: Database<Library> | undefined;
  beforeAll(async () => {
    const url = await blank().catch(() => undefined);
    if (url === undefined) return;
    database = await openDatabase<Library>(url, { poolSize: 6 });
    await createLibrary(database);
  });
  afterAll(() => database?.close());
  return () => {
    if (database === undefined) throw new Error("The library is open only while the tests of its describe run.");
    return database;
  };
}

/** The readers of one request. */
export interface LibraryRequest {
  readonly reads: Reads<Library>;
  /** The calls so far. */
  calls(): readonly { readonly call: string; readonly keys: number; readonly rows: number; readonly failed?: true }[];
  abort(reason: Error): void;
}

export function requestOn(database: Database<Library>): LibraryRequest {
  const calls = new CallLog();
  const controller = new AbortController();
  return {
    reads: createReads(database, { calls, signal: controller.signal }),
    calls: () =>
      calls.entries.map(({ source: _source, startMs: _startMs, durationMs: _durationMs, ...entry }) => entry),
    abort: (reason) => controller.abort(reason),
  };
}
