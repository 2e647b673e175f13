import { sql } from "kysely";
import { CallLog } from "tributary-graphql";
import type { OrderOf, PageWindow } from "tributary-graphql/relay";
import { createReads, type Reads } from "tributary-graphql/sql";
import { recordQueries } from "tributary-testing/recorded-queries.ts";
import { type Work, workOf } from "tributary-testing/statement-work.ts";
import { describe, expect, test } from "vitest";
import type { AtlasDatabase } from "../../datasources/database.ts";
import { testDatabases, useAtlasDatabase } from "../support/databases.ts";

/** Countries with thousands of cities, many with population 0, and one without cities. */
const countries = ["CN", "ID", "TH", "XX"];

const byPopulation: OrderOf<AtlasDatabase["city"]> = [
  { column: "population", direction: "desc", type: "integer" },
  { column: "id", direction: "asc", type: "integer" },
];
const byName: OrderOf<AtlasDatabase["city"]> = [
  { column: "name_key", direction: "asc", type: "text" },
  { column: "id", direction: "asc", type: "integer" },
];

/** A keyset bound among the cities with population 0. */
const amongTies = [0, 1_650_000] as const;
const early = [10_000_000, 1] as const;

const windows: Readonly<Record<string, PageWindow>> = {
  "the first page": { size: 5, backward: false },
  "the last page": { size: 5, backward: true },
  "after a cursor among ties": { size: 5, backward: false, after: amongTies },
  "before a cursor among ties": { size: 5, backward: true, before: amongTies },
  "between two cursors": { size: 5, backward: false, after: early, before: amongTies },
  "the last page between two cursors": { size: 5, backward: true, after: early, before: amongTies },
};

/** The size and one row more, for each range of a keyset bound, read once or twice and sorted once. */
const entriesPerPage = 60;

describe.each(testDatabases)("the query plan on %s", (name) => {
  const atlas = useAtlasDatabase(name);

  /**
   * Fails with the plan if a statement has a fault that is not `allowed`, such as a full scan, or reads or sorts more
   * than `atMost` entries.
   */
  async function expectIndexLookups(
    atMost: number,
    read: (reads: Reads<AtlasDatabase>) => Promise<unknown>,
    allowed = /^$/,
  ): Promise<void> {
    const { database, queries } = recordQueries(atlas());
    await read(createReads(database, { calls: new CallLog(), signal: new AbortController().signal }));
    const works: Work[] = [];
    for (const query of queries) works.push(await workOf(atlas(), query));
    expect(works).not.toEqual([]);
    for (const { faults, entriesRead = 0, rowsSorted = 0, plan } of works) {
      expect(
        faults.filter((fault) => !allowed.test(fault)),
        plan,
      ).toEqual([]);
      expect(Math.max(entriesRead, rowsSorted), plan).toBeLessThanOrEqual(atMost);
    }
  }

  test("is tested with a cursor that has hundreds of ties on both sides in every country", async () => {
    const { rows } = await sql<{ before: number; after: number }>`
      select sum(case when id < ${amongTies[1]} then 1 else 0 end) as ${sql.id("before")},
        sum(case when id > ${amongTies[1]} then 1 else 0 end) as ${sql.id("after")}
      from city where country_code in (${sql.join(countries)}) and population = 0 group by country_code`.execute(
      atlas().db,
    );
    expect(rows).toHaveLength(countries.length - 1);
    for (const { before, after } of rows) expect(Math.min(Number(before), Number(after))).toBeGreaterThan(100);
  });

  test.each(Object.entries(windows))(
    "of a page per parent reads about as many entries as the page has rows: %s",
    (_, window) =>
      expectIndexLookups(countries.length * entriesPerPage, (reads) => {
        const source = {
          call: "cities",
          table: "city",
          parent: "country_code",
          id: "id",
          orderBy: byPopulation,
        } as const;
        const cities = reads.pageByParent(source);
        return Promise.all(countries.map((country) => cities.load(country, { window })));
      }),
  );

  test.each(Object.entries(windows))(
    "of a page of the table reads about as many entries as the page has rows: %s",
    (_, window) =>
      expectIndexLookups(
        entriesPerPage,
        (reads) => reads.page({ call: "cities", table: "city", orderBy: byPopulation }).load({ window }),
        // A scan of the index from its start or end, up to the limit.
        /^SCAN city USING INDEX city_by_population$/,
      ),
  );

  test("of a page by name starts at the name of the cursor", () =>
    expectIndexLookups(countries.length * entriesPerPage, (reads) => {
      const source = { call: "cities", table: "city", parent: "country_code", id: "id", orderBy: byName } as const;
      const window = { size: 5, backward: false, after: ["m", 1] };
      return Promise.all(countries.map((country) => reads.pageByParent(source).load(country, { window })));
    }));

  test("of one by key is an index lookup per key", () =>
    expectIndexLookups(3 * 3, (reads) => {
      const byId = reads.oneByKey({ call: "cities", table: "city", key: "id" });
      return Promise.all([2950159, 2988507, 5_000_000].map((id) => byId.load(id)));
    }));

  test("of many by key reads only the rows of the keys, of one column or several", async () => {
    await expectIndexLookups(3 * 60, (reads) => {
      const byCountry = reads.manyByKey({ call: "cities", table: "city", key: "country_code" });
      return Promise.all(["AD", "LI", "MC"].map((country) => byCountry.load(country)));
    });
    // MariaDB also counts the entries of the key table.
    await expectIndexLookups(3 * 6 + 4, (reads) => {
      const byName = reads.manyByKey({ call: "cities", table: "city", key: ["country_code", "name_key"] });
      return Promise.all(countries.slice(0, 3).map((country_code) => byName.load({ country_code, name_key: "lima" })));
    });
  });

  describe("of a hundred keys is an index lookup per key", () => {
    const hundred = Array.from({ length: 100 }, (_, index) => index);
    const cityIds = async (): Promise<readonly { id: number; country_code: string; name_key: string }[]> =>
      atlas()
        .db.selectFrom("city")
        .select(["id", "country_code", "name_key"])
        .orderBy("id")
        .limit(100)
        .offset(70_000)
        .execute();

    test("for one by key", async () => {
      const cities = await cityIds();
      expect(cities).toHaveLength(100);
      await expectIndexLookups(100 * 3, (reads) => {
        const byId = reads.oneByKey({ call: "cities", table: "city", key: "id" });
        return Promise.all(cities.map(({ id }) => byId.load(id)));
      });
    });

    test("for many by a key of several columns", async () => {
      const cities = await cityIds();
      await expectIndexLookups(100 * 12, (reads) => {
        const byName = reads.manyByKey({ call: "cities", table: "city", key: ["country_code", "name_key"] });
        return Promise.all(cities.map(({ country_code, name_key }) => byName.load({ country_code, name_key })));
      });
    });

    test("for a page per parent", () =>
      expectIndexLookups(100 * entriesPerPage, (reads) => {
        const source = {
          call: "cities",
          table: "city",
          parent: "country_code",
          id: "id",
          orderBy: byPopulation,
        } as const;
        const pages = reads.pageByParent(source);
        const codes = hundred.map(
          (index) => `${String.fromCharCode(65 + (index % 26))}${String.fromCharCode(65 + Math.trunc(index / 4))}`,
        );
        return Promise.all(codes.map((code) => pages.load(code, { window: windows["the first page"] as PageWindow })));
      }));
  });

  test("of the first N of many by key reads only those", () =>
    expectIndexLookups(countries.length * entriesPerPage, (reads) => {
      const byCountry = reads.manyByKey({ call: "cities", table: "city", key: "country_code", orderBy: byPopulation });
      return Promise.all(countries.map((country) => byCountry.load(country, { first: 5 })));
    }));

  test("of an existence check reads one index entry per parent", () =>
    expectIndexLookups(countries.length * 3, (reads) => {
      const exists = reads.existsByParent({ call: "hasCities", table: "city", parent: "country_code" });
      return Promise.all(countries.map((country) => exists.load(country)));
    }));

  test("of a count per parent reads the counted entries", () =>
    expectIndexLookups(2 * 60, (reads) => {
      const counts = reads.countByParent({ call: "countCities", table: "city", parent: "country_code" });
      return Promise.all(["AD", "LI", "MC"].map((country) => counts.load(country)));
    }));

  test("of a count with a condition is an index range scan", () =>
    expectIndexLookups(2_000, (reads) =>
      reads.count({ call: "count", table: "city", where: (builder) => builder("population", ">", 1_000_000) }).load(),
    ));

  // The join table is not in the order of the list, so a page reads and sorts all rows of its key.
  test("of many through a join table reads the rows of the keys, and an index lookup for each", async () => {
    const through = { table: "search_term", parent: "term", child: "ref_id" } as const;
    const terms = ["oslo", "quito", "lima"];
    await expectIndexLookups(terms.length * 60, (reads) => {
      const cities = reads.manyThrough({ call: "cities", table: "city", key: "id", through });
      return Promise.all(terms.map((term) => cities.load(term)));
    });
    await expectIndexLookups(
      terms.length * 60,
      (reads) => {
        const cities = reads.pageThrough({ call: "cities", table: "city", id: "id", through, orderBy: byPopulation });
        return Promise.all(terms.map((term) => cities.load(term, { window: { size: 5, backward: false } })));
      },
      /^USE TEMP B-TREE FOR ORDER BY$/,
    );
  });
});
