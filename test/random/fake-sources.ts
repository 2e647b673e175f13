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
import { type Faults, failsForKey, withBrokenProperties } from "./faults.ts";
import { type World, world } from "./world.ts";

export interface FakeWorld {
  readonly faults: Faults;
  /** After how many turns of the event loop a call is answered. */
  latencyTurns(call: string): number;
}

/**
 * The sources of one request over the made-up world. They batch and remember as the real ones do, by a DataLoader for
 * each kind of call, and every batch is one entry of the call log; a server is not needed for any of it, so that
 * thousands of operations run in a CI job.
 */
export function createFakeSources(fake: FakeWorld, calls: CallLog): Sources {
  const places = brokenWorld(fake.faults);
  const loader = loaders(fake, calls);
  const country = (code: string) => places.countries.find((one) => one.code === code) ?? null;
  const byCode = loader("countriesByCode", country);
  const byCode3 = loader("countriesByCode3", (code) => places.countries.find(({ code3 }) => code3 === code) ?? null);
  const page = loader("page", (asked) => asked);
  const count = loader("count", (asked) => asked);
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
        const found = places.countries.filter(
          (one) => (region == null || one.region === region) && one.name.includes(search ?? ""),
        );
        return listOf(`countries:${region}:${search}`, arguments_, found, ({ code }) => code);
      },
      named: async () => [],
    },
    cities: citiesOf(places, loader, listOf),
    airports: airportsOf(places, loader, listOf),
    ...servicesOf(places, loader, fake.faults),
    rateFeed: noRateFeed,
  };
}

/** For subscriptions, which none of the operations is. */
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

function loaders({ faults, latencyTurns }: FakeWorld, calls: CallLog) {
  return <Value>(call: string, read: (key: string) => Value): DataLoader<string, Value> =>
    new DataLoader(async (keys) => {
      const log = calls.begin("fake", call, keys.length);
      for (let turn = latencyTurns(call); turn > 0; turn--) await new Promise((resolve) => setImmediate(resolve));
      log.succeed(keys.length);
      return keys.map((key) => (failsForKey(faults, call, key) ? failure(call) : read(key)));
    });
}

/** Without the key: of several that fail in one field, another may be first in a stream. */
const failure = (call: string): Error =>
  new DomainError("UPSTREAM_UNAVAILABLE", `${call} is broken.`, { source: "fake" });

function citiesOf(places: World, loader: CreateLoader, listOf: CreateList): Sources["cities"] {
  const byId = loader("citiesById", (id) => places.cities.find((city) => String(city.id) === id) ?? null);
  const capital = loader("capitals", (key) => places.cities.find((city) => capitalKey(city) === key) ?? null);
  return {
    byId: (id) => byId.load(String(id)),
    capital: (countryCode, name) => capital.load(`${countryCode}:${name}`),
    list: (arguments_, list) =>
      listOf(`cities:${JSON.stringify(list)}`, arguments_, citiesIn(places, list), ({ id }) => id),
  };
}

/** By the id, which a broken property leaves alone. */
const capitalKey = ({ id, countryCode }: City): string => `${countryCode}:City ${Math.floor(id / 10) - 1}${id % 10}`;

function citiesIn({ cities }: World, { countryCode, filter, order }: CityList): City[] {
  const found = cities.filter(
    (city) =>
      (countryCode === undefined || city.countryCode === countryCode) && city.population >= (filter.populationMin ?? 0),
  );
  return order.endsWith("DESC") ? found : found.toReversed();
}

function airportsOf(places: World, loader: CreateLoader, listOf: CreateList): Sources["airports"] {
  const byIata = loader("airportsByIata", (iata) => places.airports.find((one) => one.iata === iata) ?? null);
  const near = loader("airportsNear", (key) => nearest(places.airports, key));
  return {
    byIata: (iata) => byIata.load(iata),
    byId: async () => null,
    ofCountry: (arguments_, countryCode) => {
      const found = places.airports.filter((one) => one.countryCode === countryCode);
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
  places: World,
  loader: CreateLoader,
  faults: Faults,
): Pick<Sources, "currencies" | "sun" | "search"> {
  const currency = loader("currencies", (code) => places.currencies.find((one) => one.code === code) ?? null);
  const rate = loader("rates", (pair) => (pair.endsWith("XXX") ? null : pair.charCodeAt(0) / pair.charCodeAt(4)));
  const sun = loader("sun", (place) => sunAt(faults, place));
  const search = loader("search", (key) => found(places, key));
  return {
    currencies: {
      byCode: (code) => currency.load(code),
      rate: (from, to) => rate.load(`${from}/${to}`),
    },
    sun: { at: ({ latitude, longitude, date }) => sun.load(`${latitude}:${longitude}:${date ?? "today"}`) },
    search: async (text, limit) => (await search.load(text)).slice(0, limit),
  };
}

function sunAt(faults: Faults, place: string): Sun {
  const solarNoon = new Date(Date.UTC(2026, 5, 21, 12, place.length));
  const sun: Sun = { sunrise: null, sunset: solarNoon, solarNoon, dayLengthMinutes: 60 + place.length };
  return withBrokenProperties(faults, `sun:${place}`, sun, ["solarNoon", "dayLengthMinutes"]);
}

/** One of each kind, then the others: every search meets the whole union. */
function found({ countries, cities, airports }: World, text: string): readonly (Country | City | Airport)[] {
  const from = text.length % 4;
  const kinds: readonly (readonly (Country | City | Airport)[])[] = [countries, cities, airports];
  return [0, 1, 2].flatMap((step) => kinds.flatMap((places) => places.slice(from + step, from + step + 1)));
}

function brokenWorld(faults: Faults): World {
  if (faults.propertyPercent === 0) return world;
  const currencies = world.currencies.map((one) => withBrokenProperties(faults, one.code, one, ["name"]));
  return {
    currencies,
    countries: world.countries.map((one) =>
      withBrokenProperties(
        faults,
        one.code,
        { ...one, currencies: one.currencies.map((paid) => currencies.find(({ code }) => code === paid.code) ?? paid) },
        ["officialName", "flag", "languages"],
      ),
    ),
    cities: world.cities.map((one) => withBrokenProperties(faults, String(one.id), one, ["name", "population"])),
    airports: world.airports.map((one) => withBrokenProperties(faults, one.iata, one, ["name"])),
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
