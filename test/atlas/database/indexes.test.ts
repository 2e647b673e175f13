import type { Compilable } from "kysely";
import type { Database } from "tributary-graphql/sql";
import { describe, expect, test } from "vitest";
import type { AtlasDatabase } from "../../../datasources/database.ts";
import { testDatabases, useAtlasDatabase } from "../../support/databases.ts";

describe.each(testDatabases)("on %s", (name) => {
  const atlas = useAtlasDatabase(name);
  const planOf = (query: (database: Database<AtlasDatabase>["db"]) => Compilable) =>
    explain(atlas(), query(atlas().db));

  test("the largest cities of a country are read in the order of an index", async () => {
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

  test("all cities by population or by name are read in the order of an index", async () => {
    const byPopulation = await planOf((db) =>
      db.selectFrom("city").selectAll().orderBy("population", "desc").orderBy("id").limit(5),
    );
    const byName = await planOf((db) => db.selectFrom("city").selectAll().orderBy("name_key").orderBy("id").limit(5));
    expect(byPopulation).toContain("city_by_population");
    expect(byName).toContain("city_by_name");
    for (const plan of [byPopulation, byName]) expect(plan).not.toMatch(/sort|TEMP B-TREE/i);
  });

  test("cities by the start of their name are a range of an index", async () => {
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

  test("the capital of a country is found by an index", async () => {
    const plan = await planOf((db) =>
      db.selectFrom("city").selectAll().where("country_code", "=", "US").where("feature_code", "=", "PPLC"),
    );
    expect(plan).toContain("city_by_country_feature");
  });

  test("an airport is found by its code, and by its place on the globe, by an index", async () => {
    const byCode = await planOf((db) => db.selectFrom("airport").selectAll().where("iata", "=", "CDG"));
    const byPlace = await planOf((db) =>
      db.selectFrom("airport").selectAll().where("z", ">=", 0.75).where("z", "<=", 0.752),
    );
    expect(byCode).toContain("airport_by_iata");
    expect(byPlace).toContain("airport_by_place");
  });

  test("a search reads a range of its index, and nothing but the index", async () => {
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

/** The plan that the database would follow, as it words it. */
async function explain({ db, kind }: Database<AtlasDatabase>, query: Compilable): Promise<string> {
  const { sql: text, parameters } = query.compile();
  const prefix = kind === "sqlite" ? "explain query plan " : "explain ";
  const { rows } = await db.executeQuery({ ...query.compile(), sql: prefix + text, parameters });
  return JSON.stringify(rows);
}
