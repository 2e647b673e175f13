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
  description: "An airport and its distance from a city.",
  fields: (t) => ({
    airport: t.expose("airport", { type: AirportType, description: "Airport near the city." }),
    distanceKm: t.exposeFloat("distanceKm", { description: "Great-circle distance from the city in kilometers." }),
  }),
});

export const CityType = builder.objectRef<City>("City").implement({
  description: "A city, town or village from GeoNames with at least 1,000 inhabitants, or a seat of government.",
  interfaces: [NodeType],
  fields: (t) => ({
    id: t.id({
      description: "Opaque id, unique in the whole graph.",
      extensions: uses<City>("id"),
      resolve: ({ id }) => nodeId({ type: "City", key: id }),
    }),
    name: t.exposeString("name", { description: "Name in the Latin alphabet, usually the local name." }),
    population: t.exposeInt("population", { description: "Number of inhabitants; 0 if unknown." }),
    latitude: t.exposeFloat("latitude", { description: "Latitude in degrees, north positive." }),
    longitude: t.exposeFloat("longitude", { description: "Longitude in degrees, east positive." }),
    timeZone: t.exposeString("timeZone", { description: "IANA time zone, such as `Europe/Berlin`." }),
    country: t.field({
      type: CountryType,
      nullable: true,
      description: "Country of the city.",
      extensions: uses<City>("countryCode"),
      resolve: countryOf,
    }),
    nearestAirports: t.field({
      type: [NearbyAirportType],
      nullable: true,
      description: "Airports within `withinKm`, nearest first; empty if there are none.",
      listSize: { slicingArguments: ["first"], maxSize: maxNearestAirports },
      args: {
        first: t.arg.int({
          defaultValue: defaultNearest.first,
          description: `Maximum number of airports, 0 to ${maxNearestAirports}.`,
        }),
        withinKm: t.arg.float({
          defaultValue: defaultNearest.withinKm,
          description: `Maximum distance in kilometers, 0 to ${maxNearestKm}.`,
        }),
      },
      extensions: uses<City>("latitude", "longitude"),
      resolve: nearestAirports,
    }),
    sun: t.field({
      type: SunType,
      nullable: true,
      description: "Sunrise, sunset and day length on one day. The service is slow: use `@defer`.",
      weight: 10,
      args: {
        date: t.arg({
          type: "Date",
          description: `Date in the city's time zone, ${sunDates.first} to ${sunDates.last}. Default: today in that time zone.`,
        }),
      },
      extensions: uses<City>("latitude", "longitude", "timeZone"),
      resolve: sunAt,
    }),
  }),
});

const CityFilterType = builder.inputType("CityFilter", {
  description: "Conditions on cities, combined with AND. A condition that is null or omitted is not applied.",
  fields: (t) => ({
    nameStartsWith: t.string({ description: "Prefix of the name; case and accents are ignored." }),
    populationMin: t.int({ description: "Minimum number of inhabitants, inclusive." }),
    populationMax: t.int({ description: "Maximum number of inhabitants, inclusive." }),
  }),
});

const CityOrderType = builder.enumType("CityOrder", {
  description: "Order of a list of cities. The order of ties is the same on every page.",
  values: {
    POPULATION_DESC: { description: "Largest population first." },
    POPULATION_ASC: { description: "Smallest population first." },
    NAME_ASC: { description: "By name from A to Z; accents are ignored." },
    NAME_DESC: { description: "By name from Z to A; accents are ignored." },
  } as const,
});

export const CityConnection = connectionType<City>(CityType);

export const cityListArguments = (t: ArgumentBuilder) => ({
  ...connectionArguments(t, maxCitiesPerPage),
  where: t({ type: CityFilterType, description: "Only cities that meet these conditions." }),
  orderBy: t({ type: CityOrderType, defaultValue: "POPULATION_DESC", description: "Order of the cities." }),
});

builder.queryFields((t) => ({
  city: t.field({
    type: CityType,
    nullable: true,
    description: "The city with this id; null if it no longer exists. An id of another type is an error.",
    args: { id: t.arg.id({ required: true, description: "The `id` of a City." }) },
    resolve: cityById,
  }),
  cities: t.field({
    type: CityConnection,
    nullable: true,
    description: "Cities of all countries. Default order: largest population first.",
    args: cityListArguments(t.arg),
    resolve: cities,
  }),
}));
