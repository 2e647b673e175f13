import DataLoader from "dataloader";
import type { Expression, ExpressionBuilder, SqlBool } from "kysely";
import { toAirport } from "./airport-row.ts";
import { oneFor } from "./align.ts";
import { type Connection, type ConnectionArguments, connection, type Window } from "./connection.ts";
import type { AtlasDatabase } from "./database.ts";
import { loaderByArguments } from "./loader-by-arguments.ts";
import { nameKey } from "./name-key.ts";
import { createNearbyAirports, type NearbyAirportReads } from "./nearby-airport.ts";
import { countByParent } from "./sql/count.ts";
import type { Database } from "./sql/open.ts";
import { findPageByParent } from "./sql/page.ts";
import { type ReadScope, read } from "./sql/read.ts";

export interface Airport {
  readonly kind: "airport";
  /** OurAirports id. */
  readonly id: number;
  readonly iata: string;
  readonly name: string;
  /** 1 for a large airport, 2 for a medium one. */
  readonly sizeRank: number;
  readonly latitude: number;
  readonly longitude: number;
  readonly elevationM: number | null;
  readonly municipality: string | null;
  /** Alpha-2. */
  readonly countryCode: string;
}

export interface AirportReads {
  byIata(iata: string): Promise<Airport | null>;
  byId(id: number): Promise<Airport | null>;
  /** Large airports first, then by name. */
  ofCountry(arguments_: ConnectionArguments, countryCode: string): Connection<Airport>;
  readonly near: NearbyAirportReads;
}

export const maxAirportsPerPage = 100;
const maxKeysPerCall = 1000;

/** In this graph an airport is one with an IATA code: the airfields without one cannot be looked up or flown to. */
export function createAirports(database: Database<AtlasDatabase>, scope: ReadScope): AirportReads {
  const loaderBy = <Key extends string | number>(
    call: string,
    column: "iata" | "id",
    keyOf: (airport: Airport) => Key,
  ) =>
    new DataLoader<Key, Airport | null>(
      async (keys) => {
        const query = database.db.selectFrom("airport").selectAll().where(column, "in", keys);
        return oneFor(keys, (await read(database, scope, call, keys.length, query)).flatMap(toAirport), keyOf);
      },
      { maxBatchSize: maxKeysPerCall },
    );
  const byIata = loaderBy("airportsByIata", "iata", ({ iata }) => iata);
  const byId = loaderBy("airportsById", "id", ({ id }) => id);
  const pages = loaderByArguments((window: Window, codes: readonly string[]) =>
    findPageByParent(database, scope, "airportsByCountry", airportsByCountry, window, codes),
  );
  const counts = new DataLoader((codes: readonly string[]) =>
    countByParent(database, scope, "countAirportsByCountry", airportsByCountry, codes),
  );
  const near = createNearbyAirports(database, scope);

  return {
    byIata: (iata) => byIata.load(iata),
    byId: (id) => byId.load(id),
    ofCountry: (arguments_, countryCode) => {
      const list = {
        madeFor: JSON.stringify(["airports", countryCode]),
        orderTypes: ["number", "string", "number"],
        maxPageSize: maxAirportsPerPage,
      } as const;
      return connection(arguments_, list, {
        page: async (window) => {
          const { rows, hasMore } = await pages(window).load(countryCode);
          return { items: rows.flatMap(toAirport), hasMore };
        },
        totalCount: () => counts.load(countryCode),
        orderValues: ({ sizeRank, name, id }) => [sizeRank, nameKey(name), id],
      });
    },
    near,
  };
}

const airportsByCountry = {
  table: "airport",
  parent: "country_code",
  id: "id",
  orderBy: [
    { column: "size_rank", direction: "asc" },
    { column: "name_key", direction: "asc" },
    { column: "id", direction: "asc" },
  ],
  where: (builder: ExpressionBuilder<AtlasDatabase, "airport">): Expression<SqlBool> => builder("iata", "is not", null),
} as const;
