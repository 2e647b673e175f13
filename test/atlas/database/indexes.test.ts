import type { Compilable } from "kysely";
import type { Database } from "tributary-graphql/sql";
import { describe, expect, test } from "vitest";
import type { AtlasDatabase } from "../../../datasources/database.ts";
import { testDatabases, useAtlasDatabase } from "../../support/databases.ts";

describe.each(testDatabases)("on %s", (name) => {
  const atlas = useAtlasDatabase(name);
  const planOf = (query: (database: Database<AtlasDatabase>["db"]) => Compilable) =>
    explain(atlas(), query(atlas().db));

  test("reading the largest cities of a country uses an index without a sort", async () => {
    const plan = await planOf((db) =>
      db
        .selectFrom("city")
        .selectAll()
        .where("country_code", "=", "JP")
        .orderBy("population", "desc")
        .orderBy("id")
        .limit(5),
    );
    expect(plan).toContain("city_by_country_population");
    expect(plan).not.toMatch(/sort|TEMP B-TREE/i);
  });

  test("reading all cities by population or by name uses an index without a sort", async () => {
    const byPopulation = await planOf((db) =>
      db.selectFrom("city").selectAll().orderBy("population", "desc").orderBy("id").limit(5),
    );
    const byName = await planOf((db) => db.selectFrom("city").selectAll().orderBy("name_key").orderBy("id").limit(5));
    expect(byPopulation).toContain("city_by_population");
    expect(byName).toContain("city_by_name");
    for (const plan of [byPopulation, byName]) expect(plan).not.toMatch(/sort|TEMP B-TREE/i);
  });

  test("reading cities by a name prefix uses an index range", async () => {
    const plan = await planOf((db) =>
      db
        .selectFrom("city")
        .selectAll()
        .where("name_key", ">=", "zuric")
        .where("name_key", "<", "zuric\u{10FFFF}")
        .orderBy("name_key")
        .orderBy("id")
        .limit(5),
    );
    expect(plan).toContain("city_by_name");
  });

  test("reading the capital of a country uses an index", async () => {
    const plan = await planOf((db) =>
      db.selectFrom("city").selectAll().where("country_code", "=", "US").where("feature_code", "=", "PPLC"),
    );
    expect(plan).toContain("city_by_country_feature");
  });

  test("reading airports by IATA code or by coordinates uses an index", async () => {
    const byCode = await planOf((db) => db.selectFrom("airport").selectAll().where("iata", "=", "CDG"));
    const byCoordinates = await planOf((db) =>
      db.selectFrom("airport").selectAll().where("z", ">=", 0.75).where("z", "<=", 0.752),
    );
    expect(byCode).toContain("airport_by_iata");
    expect(byCoordinates).toContain("airport_by_place");
  });

  test("a search is an index-only range scan", async () => {
    const plan = await planOf((db) =>
      db
        .selectFrom("search_term")
        .select(["kind", "ref_id", "name_key", "words", "weight"])
        .where("term", ">=", "zuric")
        .where("term", "<", "zuric\u{10FFFF}"),
    );
    const expected = {
      sqlite: /SEARCH search_term USING PRIMARY KEY/,
      postgres: /Index Only Scan/,
      mariadb: /"range".*PRIMARY/,
    };
    expect(plan).toMatch(expected[name]);
  });
});

/** The query plan of the database as text. */
async function explain({ db, kind }: Database<AtlasDatabase>, query: Compilable): Promise<string> {
  const { sql: text, parameters } = query.compile();
  const prefix = kind === "sqlite" ? "explain query plan " : "explain ";
  const { rows } = await db.executeQuery({ ...query.compile(), sql: prefix + text, parameters });
  return JSON.stringify(rows);
}
