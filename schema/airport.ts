import { uses } from "tributary-graphql/pothos";
import type { Airport } from "../datasources/airport.ts";
import { airportByIata } from "../resolvers/airport.ts";
import { countryOf } from "../resolvers/country.ts";
import { maxAirportsPerPage } from "../resolvers/limits.ts";
import { nodeId } from "../resolvers/node-id.ts";
import { builder } from "./builder.ts";
import { type ArgumentBuilder, connectionArguments, connectionType } from "./connection.ts";
import { CountryType } from "./country-ref.ts";
import { NodeType } from "./node.ts";

export const AirportType = builder.objectRef<Airport>("Airport").implement({
  description: "A medium or large airport with an IATA code.",
  interfaces: [NodeType],
  fields: (t) => ({
    id: t.id({
      description: "Opaque id, unique in the whole graph.",
      extensions: uses<Airport>("iata"),
      resolve: ({ iata }) => nodeId({ type: "Airport", key: iata }),
    }),
    iata: t.exposeString("iata", { description: "IATA code, such as `CDG`." }),
    name: t.exposeString("name", { description: "Name in English or in the local language." }),
    latitude: t.exposeFloat("latitude", { description: "Latitude in degrees, north positive." }),
    longitude: t.exposeFloat("longitude", { description: "Longitude in degrees, east positive." }),
    elevationM: t.exposeInt("elevationM", {
      nullable: true,
      description: "Meters above sea level; null if unknown.",
    }),
    municipality: t.exposeString("municipality", {
      nullable: true,
      description: "City or town that the airport mainly serves; null if unknown.",
    }),
    country: t.field({
      type: CountryType,
      nullable: true,
      description: "Country of the airport.",
      extensions: uses<Airport>("countryCode"),
      resolve: countryOf,
    }),
  }),
});

export const AirportConnection = connectionType<Airport>(AirportType);

export const airportListArguments = (t: ArgumentBuilder) => connectionArguments(t, maxAirportsPerPage);

builder.queryField("airport", (t) =>
  t.field({
    type: AirportType,
    nullable: true,
    description: "The airport with this IATA code; null if there is none.",
    args: { iata: t.arg.string({ required: true, description: "IATA code; upper or lower case." }) },
    resolve: airportByIata,
  }),
);
