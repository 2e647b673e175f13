import { mapRows } from "tributary-graphql/sql";
import type { Airport } from "./airport.ts";
import type { AirportTable } from "./database.ts";

/** Maps rows with an IATA code; each query has to exclude the others. */
export const airportRows = mapRows<AirportTable, Airport>("airport", {
  id: "id",
  iata: "iata",
  name: "name",
  sizeRank: "size_rank",
  latitude: "latitude",
  longitude: "longitude",
  elevationM: "elevation_m",
  municipality: "municipality",
  countryCode: "country_code",
});
