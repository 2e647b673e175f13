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
      description: "Opaque and unique in the whole graph.",
      extensions: uses<Airport>("iata"),
      resolve: ({ iata }) => nodeId({ type: "Airport", key: iata }),
    }),
    iata: t.exposeString("iata", { description: "IATA code, `CDG`." }),
    name: t.exposeString("name", { description: "The name in English or as it is used there." }),
    latitude: t.exposeFloat("latitude", { description: "Degrees, north positive." }),
    longitude: t.exposeFloat("longitude", { description: "Degrees, east positive." }),
    elevationM: t.exposeInt("elevationM", {
      nullable: true,
      description: "Metres above sea level; null where unknown.",
    }),
    municipality: t.exposeString("municipality", {
      nullable: true,
      description: "The place that it mainly serves; null where unknown.",
    }),
    country: t.field({
      type: CountryType,
      nullable: true,
      description: "The country that it lies in.",
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
    description: "The airport with this IATA code; null when there is none.",
    args: { iata: t.arg.string({ required: true, description: "IATA code, in any case." }) },
    resolve: airportByIata,
  }),
);
