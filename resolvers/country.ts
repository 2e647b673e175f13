import type { GraphQLResolveInfo } from "graphql";
import { badUserInput, DomainError } from "tributary-graphql";
import { connectionItems, selectedProperties } from "tributary-graphql/pothos";
import type { Connection, ConnectionArguments } from "tributary-graphql/relay";
import type { Airport } from "../datasources/airport.ts";
import type { City } from "../datasources/city.ts";
import type { Country, CountryFilter } from "../datasources/country.ts";
import { type CityListArguments, cityList } from "./city-list.ts";
import type { Context } from "./context.ts";
import { assertSearchText } from "./search-text.ts";

export async function countryByCode(
  _root: unknown,
  { code }: { code: string },
  { sources }: Context,
): Promise<Country | null> {
  if (!/^[A-Za-z]{2,3}$/.test(code)) {
    throw badUserInput(`code: expected an ISO 3166-1 code of 2 or 3 letters, got ${JSON.stringify(code)}.`);
  }
  const upper = code.toUpperCase();
  return upper.length === 2 ? sources.countries.byCode(upper) : sources.countries.byCode3(upper);
}

export function countries(
  _root: unknown,
  { region, search, ...page }: ConnectionArguments & CountryFilter,
  { sources }: Context,
): Connection<Country> {
  assertSearchText("search", search ?? "");
  return sources.countries.list(page, { region, search });
}

/** The country of a city or an airport. */
export async function countryOf(
  place: { readonly countryCode: string },
  _args: unknown,
  { sources }: Context,
): Promise<Country> {
  const country = await sources.countries.byCode(place.countryCode);
  return country ?? missing(place.countryCode, "a city or an airport");
}

export async function capitalOf(country: Country, _args: unknown, { sources }: Context): Promise<City | null> {
  return country.capitalName === null ? null : sources.cities.capital(country.code, country.capitalName);
}

/** Nested borders name the same few countries many times: the promise of each is memoized for the request. */
export function bordersOf(country: Country, _args: unknown, { sources }: Context): readonly Promise<Country>[] {
  return country.borderCodes3.map((code) => {
    const found = sources.countries.byCode3(code);
    let neighbor = neighbors.get(found);
    if (neighbor === undefined) {
      neighbor = found.then((country) => country ?? missing(code, "a country with a border to it"));
      neighbors.set(found, neighbor);
    }
    return neighbor;
  });
}

/** By the promise of `byCode3`, which is memoized per request. */
const neighbors = new WeakMap<Promise<Country | null>, Promise<Country>>();

export function citiesOf(
  country: Country,
  args: CityListArguments,
  context: Context,
  info: GraphQLResolveInfo,
): Connection<City> {
  return cityList(args, context, info, country.code);
}

export function airportsOf(
  country: Country,
  args: ConnectionArguments,
  { sources }: Context,
  info: GraphQLResolveInfo,
): Connection<Airport> {
  const properties = selectedProperties<Airport>(info, "Airport", connectionItems);
  return sources.airports.ofCountry(args, country.code, properties);
}

function missing(code: string, referrer: string): never {
  throw new DomainError(
    "UPSTREAM_INVALID_RESPONSE",
    `The service countries has no country ${code}, but ${referrer} refers to it.`,
    { source: "countries" },
  );
}
