import type { GraphQLResolveInfo } from "graphql";
import { badUserInput } from "tributary-graphql";
import { selectedProperties } from "tributary-graphql/pothos";
import type { Connection } from "tributary-graphql/relay";
import type { City } from "../datasources/city.ts";
import type { NearbyAirport } from "../datasources/nearby-airport.ts";
import type { Sun } from "../datasources/sun.ts";
import { type CityListArguments, cityList } from "./city-list.ts";
import type { Context } from "./context.ts";
import { parseCityId } from "./node-id.ts";

export async function cityById(
  _root: unknown,
  { id }: { id: string | number },
  { sources }: Context,
  info: GraphQLResolveInfo,
): Promise<City | null> {
  return sources.cities.byId(parseCityId(String(id)), selectedProperties<City>(info, "City"));
}

export function cities(
  _root: unknown,
  args: CityListArguments,
  context: Context,
  info: GraphQLResolveInfo,
): Connection<City> {
  return cityList(args, context, info);
}

export const maxNearestAirports = 20;
export const maxNearestKm = 1000;
export const defaultNearest = { first: 3, withinKm: 100 } as const;

export async function nearestAirports(
  city: City,
  args: { first?: number | null; withinKm?: number | null },
  { sources }: Context,
): Promise<readonly NearbyAirport[]> {
  const { first, withinKm } = {
    first: args.first ?? defaultNearest.first,
    withinKm: args.withinKm ?? defaultNearest.withinKm,
  };
  if (first < 0 || first > maxNearestAirports) {
    throw badUserInput(`first: expected a number from 0 to ${maxNearestAirports}, got ${first}.`);
  }
  if (withinKm < 0 || withinKm > maxNearestKm) {
    throw badUserInput(`withinKm: expected a number from 0 to ${maxNearestKm}, got ${withinKm}.`);
  }
  return sources.airports.near(city, { first, withinKm });
}

/** The range of dates that the sun service accepts. */
export const sunDates = { first: "1900-01-01", last: "2150-12-31" } as const;

export function sunAt(city: City, { date }: { date?: string | null }, { sources }: Context): Promise<Sun> {
  if (date != null && (date < sunDates.first || date > sunDates.last)) {
    throw badUserInput(`date: expected a day from ${sunDates.first} to ${sunDates.last}, got ${date}.`);
  }
  const { latitude, longitude, timeZone } = city;
  return sources.sun.at({ latitude, longitude, timeZone, ...(date != null && { date }) });
}
