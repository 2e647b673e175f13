import type { Airport } from "./airport.ts";
import type { AirportTable } from "./database.ts";

/** The airport of a row, or nothing for an airfield without an IATA code. */
export const toAirport = (row: AirportTable): [] | [Airport] =>
  row.iata === null
    ? []
    : [
        {
          kind: "airport",
          id: row.id,
          iata: row.iata,
          name: row.name,
          sizeRank: row.size_rank,
          latitude: row.latitude,
          longitude: row.longitude,
          elevationM: row.elevation_m,
          municipality: row.municipality,
          countryCode: row.country_code,
        },
      ];
