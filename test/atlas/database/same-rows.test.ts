import { createHash } from "node:crypto";
import type { Database } from "tributary-graphql/sql";
import { describe, expect, test } from "vitest";
import { columnsOf, type SeededTable } from "../../../atlas/database/columns.ts";
import type { AtlasDatabase } from "../../../datasources/database.ts";
import { testDatabases, useAtlasDatabase } from "../../support/databases.ts";

describe.each(testDatabases)("on %s", (name) => {
  const atlas = useAtlasDatabase(name);

  test("a filled database has all cities and airports of the data packages", async () => {
    expect(await countRows(atlas(), "city")).toBe(135_233);
    expect(await countRows(atlas(), "airport")).toBe(5_210);
    expect(await countRows(atlas(), "search_term")).toBe(215_662);
  });

  test("the rows are identical to those of the other databases", async () => {
    expect(await checksums(atlas())).toEqual({
      city: "1ed1fe2d51522cdc",
      airport: "e1d3a0e5ace8e811",
      search_term: "6f35c0c240755a76",
    });
  });
});

async function countRows({ db }: Database<AtlasDatabase>, table: keyof AtlasDatabase): Promise<number> {
  const { count } = await db
    .selectFrom(table)
    .select((expression) => expression.fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return count;
}

async function checksums({ db }: Database<AtlasDatabase>): Promise<Record<SeededTable, string>> {
  const [city, airport, searchTerm] = await Promise.all([
    db.selectFrom("city").selectAll().orderBy("id").execute(),
    db.selectFrom("airport").selectAll().orderBy("id").execute(),
    db.selectFrom("search_term").selectAll().orderBy("term").orderBy("kind").orderBy("ref_id").execute(),
  ]);
  return {
    city: checksum("city", city),
    airport: checksum("airport", airport),
    search_term: checksum("search_term", searchTerm),
  };
}

function checksum<Table extends SeededTable>(table: Table, rows: readonly AtlasDatabase[Table][]): string {
  const names = Object.keys(columnsOf[table]) as (keyof AtlasDatabase[Table])[];
  const hash = createHash("sha256");
  for (const row of rows) hash.update(JSON.stringify(names.map((name) => row[name])));
  return hash.digest("hex").slice(0, 16);
}
