import { useBlankDatabases } from "tributary-testing/databases.ts";
import { recordQueries } from "tributary-testing/recorded-queries.ts";
import { workOf } from "tributary-testing/statement-work.ts";
import { expect, test } from "vitest";
import { CallLog } from "../../../src/core/call-log.ts";
import { openDatabase } from "../../../src/sql/open.ts";
import { createReads } from "../../../src/sql/reads.ts";
import { createLibrary, type Library } from "../support/library.ts";

const blank = useBlankDatabases("mariadb");

test("MariaDB reads no more NULLs than a page has rows, first or last, and also after a cursor", async () => {
  const database = await openDatabase<Library>(await blank());
  try {
    await createLibrary(database);
    await fillShelves(database);
    const { database: recorded, queries } = recordQueries(database);
    const reads = createReads(recorded, { calls: new CallLog(), signal: new AbortController().signal });
    for (const nulls of ["first", "last"] as const) {
      const books = reads.pageByParent({
        call: "books",
        table: "book",
        parent: "author",
        id: "id",
        orderBy: [
          { column: "stars", direction: "asc", type: "integer", nulls },
          { column: "id", direction: "asc", type: "integer" },
        ],
      });
      for (const bound of [{}, { after: [null, 1500] }])
        await books.load("Kim", { window: { size: 5, backward: false, ...bound } });
      await books.load("Kim", { window: { size: 5, backward: true, before: [null, 1500] } });
    }
    expect(queries).toHaveLength(6);
    for (const query of queries) {
      const { entriesRead, plan } = await workOf(database, query);
      expect(entriesRead, `${query.sql}\n${plan}`).toBeLessThanOrEqual(60);
    }
  } finally {
    await database.close();
  }
});

/** A thousand books of one author without stars, and as many of others. */
async function fillShelves({ db }: Awaited<ReturnType<typeof openDatabase<Library>>>): Promise<void> {
  const books = Array.from({ length: 2000 }, (_, index) => ({
    id: 1000 + index,
    title: `Book ${index}`,
    author: index % 2 === 0 ? "Kim" : `Author ${index % 50}`,
    stars: index % 2 === 0 ? null : index % 5,
  }));
  await db.insertInto("book").values(books).execute();
}
