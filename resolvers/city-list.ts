import type { City, CityFilter, CityOrder } from "../datasources/city.ts";
import type { Connection, ConnectionArguments } from "../datasources/connection.ts";
import type { Context } from "./context.ts";
import { assertSearchText } from "./search-text.ts";

export interface CityListArguments extends ConnectionArguments {
  readonly where?: CityFilter | null;
  readonly orderBy?: CityOrder | null;
}

/** Cities of one country, or of all. */
export function cityList(
  { where, orderBy, ...page }: CityListArguments,
  { sources }: Context,
  countryCode?: string,
): Connection<City> {
  assertSearchText("where.nameStartsWith", where?.nameStartsWith ?? "");
  return sources.cities.list(page, { countryCode, filter: where ?? {}, order: orderBy ?? "POPULATION_DESC" });
}
