import type { Expression, ExpressionBuilder, SqlBool } from "kysely";
import { type Connection, type ConnectionArguments, connection } from "tributary-graphql/relay";
import type { Reads } from "tributary-graphql/sql";
import type { Airport, AirportProperties } from "./airport.ts";
import { airportRows } from "./airport-row.ts";
import type { AtlasDatabase } from "./database.ts";
import { createNearbyAirports, type NearbyAirportReads } from "./nearby-airport.ts";

export interface AirportReads {
  byIata(iata: string, properties?: AirportProperties): Promise<Airport | null>;
  byId(id: number, properties?: AirportProperties): Promise<Airport | null>;
  /** Large airports first, then by name. */
  ofCountry(arguments_: ConnectionArguments, countryCode: string, properties?: AirportProperties): Connection<Airport>;
  readonly near: NearbyAirportReads;
}

export const maxAirportsPerPage = 100;

/** Large airports first. */
const orderBy = [
  { column: "size_rank", direction: "asc", type: "integer" },
  { column: "name_key", direction: "asc", type: "text" },
  { column: "id", direction: "asc", type: "integer" },
] as const;

/** The schema has only airports with an IATA code: clients cannot look up the others. */
const where = (builder: ExpressionBuilder<AtlasDatabase, "airport">): Expression<SqlBool> =>
  builder("iata", "is not", null);

const { columnsOf, toItem: toAirport } = airportRows;

export function createAirports(reads: Reads<AtlasDatabase>): AirportReads {
  const airports = { table: "airport", where } as const;
  const ofCountry = { ...airports, parent: "country_code" } as const;
  const byIata = reads.oneByKey({ call: "airportsByIata", ...airports, key: "iata" });
  const byId = reads.oneByKey({ call: "airportsById", ...airports, key: "id" });
  const pages = reads.pageByParent({ call: "airportsByCountry", ...ofCountry, id: "id", orderBy });
  const counts = reads.countByParent({ call: "countAirportsByCountry", ...ofCountry });

  return {
    byIata: async (iata, properties) => {
      const row = await byIata.load(iata, { columns: columnsOf(properties) });
      return row && toAirport(row);
    },
    byId: async (id, properties) => {
      const row = await byId.load(id, { columns: columnsOf(properties) });
      return row && toAirport(row);
    },
    ofCountry: (arguments_, countryCode, properties) => {
      const list = {
        madeFor: JSON.stringify(["airports", countryCode]),
        orderBy,
        maxPageSize: maxAirportsPerPage,
      };
      return connection(arguments_, list, {
        page: (window) => pages.load(countryCode, { window, columns: columnsOf(properties) }),
        totalCount: () => counts.load(countryCode),
        toItem: toAirport,
      });
    },
    near: createNearbyAirports(reads),
  };
}
