import { type RawBuilder, sql } from "kysely";
import type { Database, Reads } from "tributary-graphql/sql";
import { keyTable, loaderByArguments } from "tributary-graphql/sql";
import type { Airport } from "./airport.ts";
import { airportRows } from "./airport-row.ts";
import type { AirportTable, AtlasDatabase } from "./database.ts";
import { chordOf, distanceKm, type Place, unitVector } from "./geometry.ts";

export interface NearbyAirport {
  readonly airport: Airport;
  /** Along the great circle. */
  readonly distanceKm: number;
}

export interface Nearest {
  /** How many airports at most. */
  readonly first: number;
  readonly withinKm: number;
}

/** The `first` airports within `withinKm` of a place, nearest first, and by id where they are equally near. */
export type NearbyAirportReads = (place: Place, nearest: Nearest) => Promise<readonly NearbyAirport[]>;

/** MariaDB is sent a `select` for each place, some 500 bytes long; the statements of a large level run side by side. */
const maxPlacesPerCall = 250;

/** All places of a level that ask for as many within as far are one round trip, in which no other airport is read. */
export function createNearbyAirports(reads: Reads<AtlasDatabase>): NearbyAirportReads {
  const loaderFor = loaderByArguments((nearest: Nearest) => createLoader(reads, nearest));
  return async ({ latitude, longitude }, { first, withinKm }) =>
    first === 0 ? [] : loaderFor({ first, withinKm }).load({ latitude, longitude });
}

const createLoader = (reads: Reads<AtlasDatabase>, nearest: Nearest) =>
  reads.loader(
    ["airport"],
    async (places: readonly Place[]) => {
      const found = await reads.query("airportsNear", places.length, nearestByPlace(reads.database, places, nearest));
      const rows = Map.groupBy(found, ({ place }) => Number(place));
      return places.map((place, index) => inOrder(place, nearest.withinKm, rows.get(index) ?? []));
    },
    { maxBatchSize: maxPlacesPerCall, cacheKeyFn: ({ latitude, longitude }) => `${latitude},${longitude}` },
  );

/** The database ranks by the straight line, and over a few millimetres more: whatever rounding left in is cut off here. */
const inOrder = (place: Place, withinKm: number, rows: readonly AirportTable[]): readonly NearbyAirport[] =>
  rows
    .map(airportRows.toItem)
    .map((airport) => ({ airport, distanceKm: distanceKm(place, airport) }))
    .filter(({ distanceKm }) => distanceKm <= withinKm)
    .sort((a, b) => a.distanceKm - b.distanceKm || a.airport.id - b.airport.id);

type NearbyRow = AirportTable & { readonly place: number | string };

/**
 * The nearest airports of each place, by their straight line through the unit sphere, which grows as the great circle
 * does: products and sums only, so every database computes the same. `place` is a place's index among `places`.
 */
function nearestByPlace(
  database: Database<AtlasDatabase>,
  places: readonly Place[],
  { first, withinKm }: Nearest,
): RawBuilder<NearbyRow> {
  const keys = places.map((place, index) => ({ place: index, ...unitVector(place) }));
  const number = (value: number) => doubleOf(database.kind, value);
  const reach = chordOf(withinKm) + roundingSlack;
  const limits = { reach: number(reach), reachSquared: number(reach * reach), first };
  const bounded = (columns: RawBuilder<unknown>, center: Center) => selectNearest(columns, center, limits);
  const center: Center = { x: sql`center.x`, y: sql`center.y`, z: sql`center.z` };
  const centers = keyTable(database, { place: "integer", x: "double", y: "double", z: "double" }, keys, "center");
  switch (database.topPerParent) {
    case "lateral":
      return sql`select center.place, near.* from ${centers}
                 cross join lateral (${bounded(sql`airport.*`, center)}) as near`;
    case "correlated":
      // Materialized, because SQLite would otherwise read the coordinates out of the JSON again for every airport.
      return sql`with center as materialized (select * from ${centers})
                 select center.place, near.* from center
                 join airport as near on near.id in (${bounded(sql`airport.id`, center)})`;
    case "union": {
      const parts = keys.map(({ place, x, y, z }) => {
        const center: Center = { x: number(x), y: number(y), z: number(z) };
        return sql`(${bounded(sql`${sql.lit(place)} as place, airport.*`, center)})`;
      });
      return sql`${sql.join(parts, sql` union all `)}`;
    }
    default:
      return database.topPerParent satisfies never;
  }
}

/** On the unit sphere; 6 mm on the earth. */
const roundingSlack = 1e-9;

/** MySQL takes `0.5` for a decimal and turns it into a double again for every row, five times slower than `5e-1`. */
const doubleOf = (kind: Database<unknown>["kind"], value: number): RawBuilder<unknown> =>
  kind === "mysql" ? sql.raw(value.toExponential()) : sql`${value}`;

/** A place as SQL: columns or values. */
type Center = Readonly<Record<"x" | "y" | "z", RawBuilder<unknown>>>;

interface Limits {
  readonly reach: RawBuilder<unknown>;
  readonly reachSquared: RawBuilder<unknown>;
  readonly first: number;
}

/** The box serves the index; the airports in its corners, which are farther than `reach`, are left out by the line. */
function selectNearest(
  columns: RawBuilder<unknown>,
  { x, y, z }: Center,
  { reach, reachSquared, first }: Limits,
): RawBuilder<unknown> {
  const squared = (axis: RawBuilder<unknown>, center: RawBuilder<unknown>) =>
    sql`(${axis} - ${center}) * (${axis} - ${center})`;
  const line = sql`${squared(sql`airport.x`, x)} + ${squared(sql`airport.y`, y)} + ${squared(sql`airport.z`, z)}`;
  const within = (axis: RawBuilder<unknown>, center: RawBuilder<unknown>) =>
    sql`${axis} between ${center} - ${reach} and ${center} + ${reach}`;
  return sql`select ${columns} from airport
    where ${within(sql`airport.z`, z)} and ${within(sql`airport.x`, x)} and ${within(sql`airport.y`, y)}
      and ${line} <= ${reachSquared} and airport.iata is not null
    order by ${line}, airport.id limit ${sql.lit(first)}`;
}
