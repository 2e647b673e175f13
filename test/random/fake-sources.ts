import DataLoader from "dataloader";
import type { CallLog } from "tributary-graphql";
import { DomainError } from "tributary-graphql";
import type { PageRows, PageWindow } from "tributary-graphql/relay";
import { type Connection, type ConnectionArguments, connection } from "tributary-graphql/relay";
import type { Airport } from "../../datasources/airport.ts";
import type { City, CityList } from "../../datasources/city.ts";
import type { Country } from "../../datasources/country.ts";
import type { Sources } from "../../datasources/sources.ts";
import type { Sun } from "../../datasources/sun.ts";
import { type Dataset, dataset } from "./dataset.ts";
import { type Faults, failsForKey, withNullProperties } from "./faults.ts";

export interface FakeSourceOptions {
  readonly faults: Faults;
  /** Duration of a call in event-loop iterations. */
  latencyTicks(call: string): number;
}

/**
 * The sources of one request with the artificial dataset. Like the real ones they batch and cache with one DataLoader
 * per call, and each batch is an entry of the call log. They need no server: a CI job executes thousands of operations.
 */
export function createFakeSources(fake: FakeSourceOptions, calls: CallLog): Sources {
  const data = withFaults(fake.faults);
  const loader = loaders(fake, calls);
  const country = (code: string) => data.countries.find((one) => one.code === code) ?? null;
  const byCode = loader("countriesByCode", country);
  const byCode3 = loader("countriesByCode3", (code) => data.countries.find(({ code3 }) => code3 === code) ?? null);
  const page = loader("page", (key) => key);
  const count = loader("count", (key) => key);
  const listOf = <Item>(
    name: string,
    arguments_: ConnectionArguments,
    items: readonly Item[],
    idOf: (item: Item) => number | string,
  ): Connection<Item> => {
    const orderBy = [{ column: "id", direction: "asc", type: "text" }] as const;
    return connection<Item, Item>(
      arguments_,
      { madeFor: name, orderBy, maxPageSize: 250 },
      {
        page: async (window) => {
          await page.load(`${name}:${JSON.stringify(window)}`);
          return pageOf(items, window, (item) => String(idOf(item)));
        },
        totalCount: async () => {
          await count.load(name);
          return items.length;
        },
        toItem: (item) => item,
      },
    );
  };
  return {
    countries: {
      byCode: (code) => byCode.load(code),
      byCode3: (code) => byCode3.load(code),
      list: (arguments_, { region, search }) => {
        const found = data.countries.filter(
          (one) => (region == null || one.region === region) && one.name.includes(search ?? ""),
        );
        return listOf(`countries:${region}:${search}`, arguments_, found, ({ code }) => code);
      },
      named: async () => [],
    },
    cities: citiesOf(data, loader, listOf),
    airports: airportsOf(data, loader, listOf),
    ...servicesOf(data, loader, fake.faults),
    rateFeed: noRateFeed,
  };
}

/** The generated operations have no subscriptions. */
const noRateFeed: Sources["rateFeed"] = {
  subscribe: () => {
    throw new Error("Expected a query, got a subscription.");
  },
  close: () => undefined,
};

type CreateLoader = ReturnType<typeof loaders>;
type CreateList = <Item>(
  name: string,
  arguments_: ConnectionArguments,
  items: readonly Item[],
  idOf: (item: Item) => number | string,
) => Connection<Item>;

function loaders({ faults, latencyTicks }: FakeSourceOptions, calls: CallLog) {
  return <Value>(call: string, read: (key: string) => Value): DataLoader<string, Value> =>
    new DataLoader(async (keys) => {
      const log = calls.begin("fake", call, keys.length);
      for (let tick = latencyTicks(call); tick > 0; tick--) await new Promise((resolve) => setImmediate(resolve));
      log.succeed(keys.length);
      return keys.map((key) => (failsForKey(faults, call, key) ? failure(call) : read(key)));
    });
}

/** Without the key: with several failing keys in a field, timing decides which error is reported. */
const failure = (call: string): Error =>
  new DomainError("UPSTREAM_UNAVAILABLE", `${call} is broken.`, { source: "fake" });

function citiesOf(data: Dataset, loader: CreateLoader, listOf: CreateList): Sources["cities"] {
  const byId = loader("citiesById", (id) => data.cities.find((city) => String(city.id) === id) ?? null);
  const capital = loader("capitals", (key) => data.cities.find((city) => capitalKey(city) === key) ?? null);
  return {
    byId: (id) => byId.load(String(id)),
    capital: (countryCode, name) => capital.load(`${countryCode}:${name}`),
    list: (arguments_, list) =>
      listOf(`cities:${JSON.stringify(list)}`, arguments_, citiesIn(data, list), ({ id }) => id),
  };
}

/** By the id, because the name may have a fault. */
const capitalKey = ({ id, countryCode }: City): string => `${countryCode}:City ${Math.floor(id / 10) - 1}${id % 10}`;

function citiesIn({ cities }: Dataset, { countryCode, filter, order }: CityList): City[] {
  const found = cities.filter(
    (city) =>
      (countryCode === undefined || city.countryCode === countryCode) && city.population >= (filter.populationMin ?? 0),
  );
  return order.endsWith("DESC") ? found : found.toReversed();
}

function airportsOf(data: Dataset, loader: CreateLoader, listOf: CreateList): Sources["airports"] {
  const byIata = loader("airportsByIata", (iata) => data.airports.find((one) => one.iata === iata) ?? null);
  const near = loader("airportsNear", (key) => nearest(data.airports, key));
  return {
    byIata: (iata) => byIata.load(iata),
    byId: async () => null,
    ofCountry: (arguments_, countryCode) => {
      const found = data.airports.filter((one) => one.countryCode === countryCode);
      return listOf(`airports:${countryCode}`, arguments_, found, ({ iata }) => iata);
    },
    near: ({ latitude }, { first }) => near.load(`${latitude}:${first}`),
  };
}

function nearest(airports: readonly Airport[], key: string) {
  const [latitude = 0, first = 0] = key.split(":").map(Number);
  return airports
    .map((airport) => ({ airport, distanceKm: Math.abs(airport.latitude - latitude) }))
    .sort((a, b) => a.distanceKm - b.distanceKm || a.airport.id - b.airport.id)
    .slice(0, first);
}

function servicesOf(
  data: Dataset,
  loader: CreateLoader,
  faults: Faults,
): Pick<Sources, "currencies" | "sun" | "search"> {
  const currency = loader("currencies", (code) => data.currencies.find((one) => one.code === code) ?? null);
  const rate = loader("rates", (pair) => (pair.endsWith("XXX") ? null : pair.charCodeAt(0) / pair.charCodeAt(4)));
  const sun = loader("sun", (key) => sunAt(faults, key));
  const search = loader("search", (key) => searchResults(data, key));
  return {
    currencies: {
      byCode: (code) => currency.load(code),
      rate: (from, to) => rate.load(`${from}/${to}`),
    },
    sun: { at: ({ latitude, longitude, date }) => sun.load(`${latitude}:${longitude}:${date ?? "today"}`) },
    search: async (text, limit) => (await search.load(text)).slice(0, limit),
  };
}

function sunAt(faults: Faults, key: string): Sun {
  const solarNoon = new Date(Date.UTC(2026, 5, 21, 12, key.length));
  const sun: Sun = { sunrise: null, sunset: solarNoon, solarNoon, dayLengthMinutes: 60 + key.length };
  return withNullProperties(faults, `sun:${key}`, sun, ["solarNoon", "dayLengthMinutes"]);
}

/** Alternates between the types, so that each search has results of all types of the union. */
function searchResults({ countries, cities, airports }: Dataset, text: string): readonly (Country | City | Airport)[] {
  const from = text.length % 4;
  const types: readonly (readonly (Country | City | Airport)[])[] = [countries, cities, airports];
  return [0, 1, 2].flatMap((step) => types.flatMap((items) => items.slice(from + step, from + step + 1)));
}

function withFaults(faults: Faults): Dataset {
  if (faults.propertyPercent === 0) return dataset;
  const currencies = dataset.currencies.map((one) => withNullProperties(faults, one.code, one, ["name"]));
  return {
    currencies,
    countries: dataset.countries.map((one) =>
      withNullProperties(
        faults,
        one.code,
        { ...one, currencies: one.currencies.map((used) => currencies.find(({ code }) => code === used.code) ?? used) },
        ["officialName", "flag", "languages"],
      ),
    ),
    cities: dataset.cities.map((one) => withNullProperties(faults, String(one.id), one, ["name", "population"])),
    airports: dataset.airports.map((one) => withNullProperties(faults, one.iata, one, ["name"])),
  };
}

function pageOf<Item>(
  items: readonly Item[],
  { size, backward, after, before }: PageWindow,
  idOf: (item: Item) => string,
): PageRows<Item> {
  const indexOf = (id: unknown) => items.findIndex((item) => idOf(item) === id);
  const end = before ? indexOf(before[0]) : items.length;
  const kept = items.slice(after ? indexOf(after[0]) + 1 : 0, end);
  return {
    rows: backward ? kept.slice(Math.max(0, kept.length - size)) : kept.slice(0, size),
    hasMore: kept.length > size,
    orderValues: (item) => [idOf(item)],
  };
}
