import fc from "fast-check";
import { CompiledQuery } from "kysely";
import { CallLog, type CallLogEntry } from "tributary-graphql";
import type { Database } from "tributary-graphql/sql";
import { createReads } from "tributary-graphql/sql";
import { recordSql, type SqlDialect } from "tributary-testing/recorded-sql.ts";
import { describe, expect, test } from "vitest";
import type { AtlasDatabase } from "../../datasources/database.ts";
import { type Coordinates, distanceKm } from "../../datasources/geometry.ts";
import { createNearbyAirports, type Nearest } from "../../datasources/nearby-airport.ts";
import { useAtlas } from "../support/atlas.ts";
import { type TestDatabaseName, testDatabases, useAtlasDatabase } from "../support/databases.ts";

interface Found {
  readonly id: number;
  readonly distanceKm: number;
}

/** Number of comparisons with the full scan. */
const numRuns: Record<TestDatabaseName, number> = { sqlite: 300, postgres: 40, mariadb: 40 };
const dialectOf: Record<TestDatabaseName, SqlDialect> = {
  sqlite: "SQLite",
  postgres: "PostgreSQL",
  mariadb: "MariaDB",
};
const berlin = { latitude: 52.52437, longitude: 13.41053 };

const coordinates: fc.Arbitrary<Coordinates> = fc.record({
  latitude: fc.oneof(
    fc.double({ min: -90, max: 90, noNaN: true }),
    fc.double({ min: 30, max: 60, noNaN: true }),
    fc.constantFrom(-90, 0, 90),
  ),
  longitude: fc.oneof(
    fc.double({ min: -180, max: 180, noNaN: true }),
    fc.double({ min: 179, max: 180, noNaN: true }),
    fc.constantFrom(-180, 0, 180),
  ),
});

describe.each(testDatabases)("the nearest airports on %s", (name) => {
  const database = useAtlasDatabase(name);
  const atlas = useAtlas(name);

  test("equal those of a scan of all airports, and no other row is read", async () => {
    const airports = await database().db.selectFrom("airport").selectAll().where("iata", "is not", null).execute();
    expect(airports).toHaveLength(4_517);
    const nearest = fc.record({
      first: fc.integer({ min: 1, max: 20 }),
      withinKm: fc.double({ min: 0, max: 1000, noNaN: true }),
    });
    const property = fc.asyncProperty(
      fc.array(coordinates, { minLength: 1, maxLength: 4 }),
      nearest,
      async (centers, options) => {
        const { found, calls } = await find(database(), centers, options);
        expect(found).toEqual(centers.map((center) => scan(center, airports, options)));
        expect(rowsOf(calls)).toBeLessThanOrEqual(found.flat().length);
      },
    );
    await fc.assert(property, { numRuns: numRuns[name], seed: 1 });
  });

  test("include an airport at distance 0, and are empty if none is near enough", async () => {
    const [schoenefeld] = await database().db.selectFrom("airport").selectAll().where("iata", "=", "BER").execute();
    const { found } = await find(database(), [schoenefeld ?? berlin, { latitude: 0, longitude: -140 }], {
      first: 5,
      withinKm: 0,
    });
    expect(found).toEqual([[{ id: schoenefeld?.id, distanceKm: 0 }], []]);
  });

  test("of a page of cities are one call, which reads only rows in the result", async () => {
    const { data, calls } = await atlas.query<{ cities: { nodes: { nearestAirports: object[] }[] } }>(
      `{ cities(first: 100) { nodes { nearestAirports(first: 1, withinKm: 1000) { airport { iata } } } } }`,
    );
    const airports = data.cities.nodes.flatMap(({ nearestAirports }) => nearestAirports);
    expect(airports).toHaveLength(100);
    const near = calls.filter(({ call }) => call === "airportsNear");
    expect(near.map(({ keys, rows }) => ({ keys, rows }))).toEqual([{ keys: 100, rows: airports.length }]);
  });

  test("of hundreds of locations are read by parallel statements for 250 locations each", async () => {
    const centers = Array.from({ length: 600 }, (_, index) => ({ latitude: 40 + index / 100, longitude: index / 50 }));
    const { found, calls } = await find(database(), centers, { first: 2, withinKm: 300 });
    expect(calls.map(({ keys }) => keys)).toEqual([250, 250, 100]);
    expect(rowsOf(calls)).toBe(found.flat().length);
    const firstEnd = Math.min(...calls.map(({ startMs, durationMs }) => startMs + durationMs));
    for (const { startMs } of calls) expect(startMs).toBeLessThanOrEqual(firstEnd);
  });

  test("are read by an index range scan", async () => {
    const { sql, parameters } = await statementFor(dialectOf[name]);
    const prefix = name === "sqlite" ? "explain query plan " : "explain ";
    const { rows } = await database().db.executeQuery(CompiledQuery.raw(prefix + sql, [...parameters]));
    const plan = JSON.stringify(rows);
    expect(plan).toContain("airport_by_place");
    expect(plan).not.toMatch(/Seq Scan on airport|SCAN airport|"type":"(ALL|index)"/);
  });
});

test("locations with equal `first` and `withinKm` share a call; `first: 0` makes no call", async () => {
  const { database, statements } = recordSql<AtlasDatabase>("SQLite");
  const near = createNearbyAirports(createReads(database, newScope()));
  const paris = { latitude: 48.85, longitude: 2.35 };
  await Promise.all([near(berlin, { first: 3, withinKm: 100 }), near(paris, { first: 3, withinKm: 100 })]);
  expect(statements).toHaveLength(1);
  await Promise.all([near(berlin, { first: 4, withinKm: 100 }), near(berlin, { first: 4, withinKm: 200 })]);
  expect(statements).toHaveLength(3);
  expect(await near(berlin, { first: 0, withinKm: 100 })).toEqual([]);
  expect(statements).toHaveLength(3);
});

async function find(database: Database<AtlasDatabase>, centers: readonly Coordinates[], nearest: Nearest) {
  const scope = newScope();
  const near = createNearbyAirports(createReads(database, scope));
  const results = await Promise.all(centers.map((center) => near(center, nearest)));
  const found = results.map((result) => result.map(({ airport: { id }, distanceKm }): Found => ({ id, distanceKm })));
  return { found, calls: scope.calls.entries };
}

const rowsOf = (calls: readonly CallLogEntry[]) => calls.reduce((sum, { rows }) => sum + rows, 0);

const scan = (center: Coordinates, airports: readonly (Coordinates & { id: number })[], { first, withinKm }: Nearest) =>
  airports
    .map((airport): Found => ({ id: airport.id, distanceKm: distanceKm(center, airport) }))
    .filter(({ distanceKm }) => distanceKm <= withinKm)
    .sort((a, b) => a.distanceKm - b.distanceKm || a.id - b.id)
    .slice(0, first);

async function statementFor(dialect: SqlDialect) {
  const { database, statements } = recordSql<AtlasDatabase>(dialect);
  await createNearbyAirports(createReads(database, newScope()))(berlin, { first: 3, withinKm: 100 });
  const [statement] = statements;
  if (statement === undefined) throw new Error("No statement was recorded.");
  return statement;
}

const newScope = () => ({ calls: new CallLog(), signal: new AbortController().signal });
