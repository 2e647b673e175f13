import DataLoader from "dataloader";
import { sql } from "kysely";
import type { Airport } from "./airport.ts";
import { toAirport } from "./airport-row.ts";
import type { AirportTable, AtlasDatabase } from "./database.ts";
import { chordOf, distanceKm, type Place, unitVector } from "./geometry.ts";
import { keyTable } from "./sql/key-table.ts";
import type { Database } from "./sql/open.ts";
import { type ReadScope, read } from "./sql/read.ts";

export interface NearbyAirport {
  readonly airport: Airport;
  /** Along the great circle. */
  readonly distanceKm: number;
}

/** The airports within `withinKm` of a place, nearest first. */
export type NearbyAirportReads = (place: Place, withinKm: number) => Promise<readonly NearbyAirport[]>;

/**
 * All places of a level are asked for in one round trip, whatever their radius: the database finds what lies in a box
 * around each, by its index, and the corners of the box are cut off here.
 */
export function createNearbyAirports(database: Database<AtlasDatabase>, scope: ReadScope): NearbyAirportReads {
  const loader = new DataLoader<Question, readonly NearbyAirport[], string>(
    async (questions) => {
      const candidates = await findCandidates(database, scope, questions);
      return questions.map((question, index) => nearest(question, candidates.get(index) ?? []));
    },
    { cacheKeyFn: ({ latitude, longitude, withinKm }) => `${latitude},${longitude},${withinKm}` },
  );
  return ({ latitude, longitude }, withinKm) => loader.load({ latitude, longitude, withinKm });
}

interface Question extends Place {
  readonly withinKm: number;
}

async function findCandidates(database: Database<AtlasDatabase>, scope: ReadScope, questions: readonly Question[]) {
  const boxes = keyTable(
    database,
    { place: "integer", x: "double", y: "double", z: "double", reach: "double" },
    questions.map((question, place) => ({ place, ...unitVector(question), reach: chordOf(question.withinKm) })),
    "box",
  );
  const rows = await read(
    database,
    scope,
    "airportsNear",
    questions.length,
    sql<AirportTable & { place: number | string }>`
      select box.place, airport.* from ${boxes} join airport
        on airport.z between box.z - box.reach and box.z + box.reach
        and airport.x between box.x - box.reach and box.x + box.reach
        and airport.y between box.y - box.reach and box.y + box.reach
      where airport.iata is not null`,
  );
  return Map.groupBy(rows, ({ place }) => Number(place));
}

const nearest = ({ withinKm, ...place }: Question, rows: readonly AirportTable[]): readonly NearbyAirport[] =>
  rows
    .flatMap(toAirport)
    .map((airport) => ({ airport, distanceKm: distanceKm(place, airport) }))
    .filter(({ distanceKm }) => distanceKm <= withinKm)
    .sort((a, b) => a.distanceKm - b.distanceKm || a.airport.id - b.airport.id);
