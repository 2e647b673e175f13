import { type RawBuilder, sql } from "kysely";
import type { Database, Reads } from "tributary-graphql/sql";
import { keyTable, loaderByArguments } from "tributary-graphql/sql";
import type { Airport } from "./airport.ts";
import { airportRows } from "./airport-row.ts";
import type { AirportTable, AtlasDatabase } from "./database.ts";
import { type Coordinates, chordLength, distanceKm, unitVector } from "./geometry.ts";

export interface NearbyAirport {
  readonly airport: Airport;
  /** Great-circle distance. */
  readonly distanceKm: number;
}

export interface Nearest {
  /** Maximum number of airports. */
  readonly first: number;
  readonly withinKm: number;
}

/** The `first` airports within `withinKm` of a location, nearest first, then by id. */
export type NearbyAirportReads = (center: Coordinates, nearest: Nearest) => Promise<readonly NearbyAirport[]>;

/** Limits the statement for MariaDB, with one `select` of some 500 bytes per center. More centers are parallel statements. */
const maxCentersPerCall = 250;

/** One call per combination of `first` and `withinKm`, for all centers of a level; it reads only the airports in the result. */
export function createNearbyAirports(reads: Reads<AtlasDatabase>): NearbyAirportReads {
  const loaderFor = loaderByArguments((nearest: Nearest) => createLoader(reads, nearest));
  return async ({ latitude, longitude }, { first, withinKm }) =>
    first === 0 ? [] : loaderFor({ first, withinKm }).load({ latitude, longitude });
}

const createLoader = (reads: Reads<AtlasDatabase>, nearest: Nearest) =>
  reads.loader(
    ["airport"],
    async (centers: readonly Coordinates[]) => {
      const query = nearestByCenter(reads.database, centers, nearest);
      const found = await reads.query("airportsNear", centers.length, query);
      const rows = Map.groupBy(found, ({ ordinal }) => Number(ordinal));
      return centers.map((center, index) => inOrder(center, nearest.withinKm, rows.get(index) ?? []));
    },
    { maxBatchSize: maxCentersPerCall, cacheKeyFn: ({ latitude, longitude }) => `${latitude},${longitude}` },
  );

/** Applies the exact distance limit and order: the query allows for rounding and includes a few millimeters more. */
const inOrder = (center: Coordinates, withinKm: number, rows: readonly AirportTable[]): readonly NearbyAirport[] =>
  rows
    .map(airportRows.toItem)
    .map((airport) => ({ airport, distanceKm: distanceKm(center, airport) }))
    .filter(({ distanceKm }) => distanceKm <= withinKm)
    .sort((a, b) => a.distanceKm - b.distanceKm || a.airport.id - b.airport.id);

type NearbyRow = AirportTable & { readonly ordinal: number | string };

/**
 * The nearest airports of each center by chord length, which has the same order as the great-circle distance and needs
 * only products and sums, so every database computes the same. `ordinal` is the index of the center.
 */
function nearestByCenter(
  database: Database<AtlasDatabase>,
  coordinates: readonly Coordinates[],
  { first, withinKm }: Nearest,
): RawBuilder<NearbyRow> {
  const keys = coordinates.map((center, ordinal) => ({ ordinal, ...unitVector(center) }));
  const number = (value: number) => doubleOf(database.kind, value);
  const chord = chordLength(withinKm) + roundingTolerance;
  const limits = { chord: number(chord), chordSquared: number(chord * chord), first };
  const bounded = (columns: RawBuilder<unknown>, center: Center) => selectNearest(columns, center, limits);
  const center: Center = { x: sql`center.x`, y: sql`center.y`, z: sql`center.z` };
  const centers = keyTable(database, { ordinal: "integer", x: "double", y: "double", z: "double" }, keys, "center");
  switch (database.topPerParent) {
    case "lateral":
      return sql`select center.ordinal, near.* from ${centers}
                 cross join lateral (${bounded(sql`airport.*`, center)}) as near`;
    case "correlated":
      // Materialized, because SQLite would otherwise parse the JSON of the coordinates again for every airport.
      return sql`with center as materialized (select * from ${centers})
                 select center.ordinal, near.* from center
                 join airport as near on near.id in (${bounded(sql`airport.id`, center)})`;
    case "union": {
      const parts = keys.map(({ ordinal, x, y, z }) => {
        const center: Center = { x: number(x), y: number(y), z: number(z) };
        return sql`(${bounded(sql`${sql.lit(ordinal)} as ordinal, airport.*`, center)})`;
      });
      return sql`${sql.join(parts, sql` union all `)}`;
    }
    default:
      return database.topPerParent satisfies never;
  }
}

/** On the unit sphere; 6 mm on the earth. */
const roundingTolerance = 1e-9;

/** MySQL parses `0.5` as a decimal and converts it to a double for every row, five times slower than `5e-1`. */
const doubleOf = (kind: Database<unknown>["kind"], value: number): RawBuilder<unknown> =>
  kind === "mysql" ? sql.raw(value.toExponential()) : sql`${value}`;

/** The unit vector of a center as SQL: columns or values. */
type Center = Readonly<Record<"x" | "y" | "z", RawBuilder<unknown>>>;

interface Limits {
  readonly chord: RawBuilder<unknown>;
  readonly chordSquared: RawBuilder<unknown>;
  readonly first: number;
}

/** The box uses the index; the chord length then excludes airports in the corners of the box. */
function selectNearest(
  columns: RawBuilder<unknown>,
  { x, y, z }: Center,
  { chord, chordSquared, first }: Limits,
): RawBuilder<unknown> {
  const squared = (axis: RawBuilder<unknown>, center: RawBuilder<unknown>) =>
    sql`(${axis} - ${center}) * (${axis} - ${center})`;
  const distance = sql`${squared(sql`airport.x`, x)} + ${squared(sql`airport.y`, y)} + ${squared(sql`airport.z`, z)}`;
  const within = (axis: RawBuilder<unknown>, center: RawBuilder<unknown>) =>
    sql`${axis} between ${center} - ${chord} and ${center} + ${chord}`;
  return sql`select ${columns} from airport
    where ${within(sql`airport.z`, z)} and ${within(sql`airport.x`, x)} and ${within(sql`airport.y`, y)}
      and ${distance} <= ${chordSquared} and airport.iata is not null
    order by ${distance}, airport.id limit ${sql.lit(first)}`;
}
