import { uses } from "tributary-graphql/pothos";
import type { City } from "../datasources/city.ts";
import type { NearbyAirport } from "../datasources/nearby-airport.ts";
import {
  cities,
  cityById,
  defaultNearest,
  maxNearestAirports,
  maxNearestKm,
  nearestAirports,
  sunAt,
  sunDates,
} from "../resolvers/city.ts";
import { countryOf } from "../resolvers/country.ts";
import { maxCitiesPerPage } from "../resolvers/limits.ts";
import { nodeId } from "../resolvers/node-id.ts";
import { AirportType } from "./airport.ts";
import { builder } from "./builder.ts";
import { type ArgumentBuilder, connectionArguments, connectionType } from "./connection.ts";
import { CountryType } from "./country-ref.ts";
import { NodeType } from "./node.ts";
import { SunType } from "./sun.ts";

const NearbyAirportType = builder.objectRef<NearbyAirport>("NearbyAirport").implement({
  description: "An airport with its distance from a city.",
  fields: (t) => ({
    airport: t.expose("airport", { type: AirportType, description: "The airport." }),
    distanceKm: t.exposeFloat("distanceKm", { description: "Kilometres along the great circle." }),
  }),
});

export const CityType = builder.objectRef<City>("City").implement({
  description:
    "A city, town or village: a populated place of GeoNames with at least 1,000 people, or a seat of government.",
  interfaces: [NodeType],
  fields: (t) => ({
    id: t.id({
      description: "Opaque and unique in the whole graph.",
      extensions: uses<City>("id"),
      resolve: ({ id }) => nodeId({ type: "City", key: id }),
    }),
    name: t.exposeString("name", { description: "The name in the Latin alphabet, mostly the local one." }),
    population: t.exposeInt("population", { description: "How many people live there; 0 where unknown." }),
    latitude: t.exposeFloat("latitude", { description: "Degrees, north positive." }),
    longitude: t.exposeFloat("longitude", { description: "Degrees, east positive." }),
    timeZone: t.exposeString("timeZone", { description: "IANA time zone, `Europe/Berlin`." }),
    country: t.field({
      type: CountryType,
      nullable: true,
      description: "The country that it lies in.",
      extensions: uses<City>("countryCode"),
      resolve: countryOf,
    }),
    nearestAirports: t.field({
      type: [NearbyAirportType],
      nullable: true,
      description: "The nearest airports, nearest first; empty when none is near enough.",
      args: {
        first: t.arg.int({
          defaultValue: defaultNearest.first,
          description: `At most this many, 0 to ${maxNearestAirports}.`,
        }),
        withinKm: t.arg.float({
          defaultValue: defaultNearest.withinKm,
          description: `Not farther than this many kilometres, 0 to ${maxNearestKm}.`,
        }),
      },
      extensions: uses<City>("latitude", "longitude"),
      resolve: nearestAirports,
    }),
    sun: t.field({
      type: SunType,
      nullable: true,
      description: "The sun on one day. Comes from a slow service: a good field to `@defer`.",
      args: {
        date: t.arg({
          type: "Date",
          description: `A day in the city's time zone, ${sunDates.first} to ${sunDates.last}; today there if left out.`,
        }),
      },
      extensions: uses<City>("latitude", "longitude", "timeZone"),
      resolve: sunAt,
    }),
  }),
});

const CityFilterType = builder.inputType("CityFilter", {
  description: "Which cities; every condition that is given has to hold.",
  fields: (t) => ({
    nameStartsWith: t.string({ description: "The start of the name; case and accents do not count." }),
    populationMin: t.int({ description: "At least this many people." }),
    populationMax: t.int({ description: "At most this many people." }),
  }),
});

const CityOrderType = builder.enumType("CityOrder", {
  description: "The order of a list of cities. Cities that tie keep one order on every page.",
  values: {
    POPULATION_DESC: { description: "The largest first." },
    POPULATION_ASC: { description: "The smallest first." },
    NAME_ASC: { description: "By name from A to Z; accents do not count." },
    NAME_DESC: { description: "By name from Z to A; accents do not count." },
  } as const,
});

export const CityConnection = connectionType<City>(CityType);

export const cityListArguments = (t: ArgumentBuilder) => ({
  ...connectionArguments(t, maxCitiesPerPage),
  where: t({ type: CityFilterType, description: "Only cities that match." }),
  orderBy: t({ type: CityOrderType, defaultValue: "POPULATION_DESC", description: "The order of the list." }),
});

builder.queryFields((t) => ({
  city: t.field({
    type: CityType,
    nullable: true,
    description: "The city with this id; null when it no longer exists. Any other id is an error.",
    args: { id: t.arg.id({ required: true, description: "The `id` of a City." }) },
    resolve: cityById,
  }),
  cities: t.field({
    type: CityConnection,
    nullable: true,
    description: "The cities of the world, the largest first unless ordered otherwise.",
    args: cityListArguments(t.arg),
    resolve: cities,
  }),
}));
