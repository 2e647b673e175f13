import type { GraphQLResolveInfo } from "graphql";
import { connectionItems, selectedProperties } from "tributary-graphql/pothos";
import type { Connection, ConnectionArguments } from "tributary-graphql/relay";
import type { City, CityFilter, CityOrder } from "../datasources/city.ts";
import type { Context } from "./context.ts";
import { assertSearchText } from "./search-text.ts";

export interface CityListArguments extends ConnectionArguments {
  readonly where?: CityFilter | null;
  readonly orderBy?: CityOrder | null;
}

/** Cities of one country, or of all countries. */
export function cityList(
  { where, orderBy, ...page }: CityListArguments,
  { sources }: Context,
  info: GraphQLResolveInfo,
  countryCode?: string,
): Connection<City> {
  assertSearchText("where.nameStartsWith", where?.nameStartsWith ?? "");
  const list = { countryCode, filter: where ?? {}, order: orderBy ?? "POPULATION_DESC" } as const;
  return sources.cities.list(page, list, selectedProperties<City>(info, "City", connectionItems));
}
