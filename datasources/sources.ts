import type { RequestScope } from "tributary-graphql";
import type { Upstream } from "tributary-graphql/rest";
import { createRestReads } from "tributary-graphql/rest";
import type { Database } from "tributary-graphql/sql";
import { createReads } from "tributary-graphql/sql";
import { type AirportReads, createAirports } from "./airport-reads.ts";
import { type CityReads, createCities } from "./city.ts";
import { type CountryReads, createCountries } from "./country.ts";
import { type CurrencyReads, createCurrencies } from "./currency.ts";
import type { AtlasDatabase } from "./database.ts";
import type { RateFeed } from "./rate-feed.ts";
import { createSearch, type Search } from "./search.ts";
import { createSun, type SunReads } from "./sun.ts";

/** Database, REST services and rate feed of the process, shared by all requests. */
export interface Connections {
  readonly database: Database<AtlasDatabase>;
  readonly countries: Upstream;
  readonly rates: Upstream;
  readonly sun: Upstream;
  readonly rateFeed: RateFeed;
  /** The clock for "today". Default: the system clock. */
  readonly now?: () => Date;
}

/** The reads of one request. Their loaders batch and cache for this request only. */
export interface Sources {
  readonly countries: CountryReads;
  readonly cities: CityReads;
  readonly airports: AirportReads;
  readonly currencies: CurrencyReads;
  readonly sun: SunReads;
  /** Shared by all requests. */
  readonly rateFeed: RateFeed;
  readonly search: Search;
}

export function createSources(connections: Connections, scope: RequestScope): Sources {
  const { database, now = () => new Date() } = connections;
  const reads = createReads(database, scope);
  const countries = createCountries(createRestReads(connections.countries, scope));
  const cities = createCities(reads);
  const airports = createAirports(reads);
  return {
    countries,
    cities,
    airports,
    currencies: createCurrencies(createRestReads(connections.rates, scope), scope.scheduleBatch),
    sun: createSun(createRestReads(connections.sun, scope), now),
    rateFeed: connections.rateFeed,
    search: createSearch(reads, { countries, cities, airports }),
  };
}
