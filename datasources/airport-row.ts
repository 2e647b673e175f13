import { mapRows } from "tributary-graphql/sql";
import type { Airport } from "./airport.ts";
import type { AirportTable } from "./database.ts";

/** Only rows with an IATA code are airports of the graph: whoever reads them asks for those. */
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
