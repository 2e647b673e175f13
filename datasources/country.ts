import { DomainError } from "tributary-graphql";
import type { OrderValues, PageRows, PageWindow } from "tributary-graphql/relay";
import { type Connection, type ConnectionArguments, connection } from "tributary-graphql/relay";
import type { UpstreamAnswer } from "tributary-graphql/rest";
import { type RestReads, repeated } from "tributary-graphql/rest";
import { z } from "zod";
import { countryNamePattern } from "./country-name-pattern.ts";
import type { Currency } from "./currency.ts";
import { nameKey } from "./name-key.ts";

/** The regions of the world, with the names of the countries service. */
export const regions = ["Africa", "Americas", "Antarctic", "Asia", "Europe", "Oceania"] as const;
export type Region = (typeof regions)[number];

export interface Country {
  readonly kind: "country";
  /** ISO 3166-1 alpha-2, upper case. */
  readonly code: string;
  /** ISO 3166-1 alpha-3, upper case. */
  readonly code3: string;
  readonly name: string;
  readonly officialName: string;
  readonly flag: string;
  readonly region: Region;
  readonly subregion: string | null;
  /** Null if unknown. */
  readonly areaKm2: number | null;
  readonly latitude: number;
  readonly longitude: number;
  readonly languages: readonly string[];
  /** The first of the country's capitals, in the spelling of the service. */
  readonly capitalName: string | null;
  readonly currencies: readonly Currency[];
  /** Alpha-3 codes of the countries with a common land border. */
  readonly borderCodes3: readonly string[];
}

export interface CountryFilter {
  readonly region?: Region | null;
  /** Prefix of a word of the name; case and accents are ignored. Blank text is no condition. */
  readonly search?: string | null;
}

export interface CountryReads {
  byCode(code: string): Promise<Country | null>;
  /** Returns the same promise for the same code. */
  byCode3(code3: string): Promise<Country | null>;
  list(arguments_: ConnectionArguments, filter: CountryFilter): Connection<Country>;
  /** All countries with a word in the name that starts with this text. */
  named(text: string): Promise<readonly Country[]>;
}

/** All countries fit on one page. */
export const maxCountriesPerPage = 250;

/** Keeps the URL below 2,000 characters. */
const maxCodesPerCall = 150;

/** Reads of the countries service, batched with a repeated query parameter. */
export function createCountries(reads: RestReads): CountryReads {
  const batch = { path: "/countries", body: countryBodies, maxKeys: maxCodesPerCall } as const;
  const byCode = reads.oneByKey({
    call: "countriesByCode",
    ...batch,
    keys: repeated("cca2"),
    keyOf: ({ cca2 }) => cca2,
  });
  const byCode3 = reads.oneByKey({
    call: "countriesByCode3",
    ...batch,
    keys: repeated("cca3"),
    keyOf: ({ cca3 }) => cca3,
  });
  const promisesByCode3 = new Map<string, Promise<Country | null>>();
  const byRow = new WeakMap<CountryBody, Country>();
  /** Primes the loaders: a country found by a list or a search is not read again in this request. */
  const toCachedCountry = (row: CountryBody): Country => {
    const cached = byRow.get(row);
    if (cached !== undefined) return cached;
    byCode.prime(row.cca2, row);
    byCode3.prime(row.cca3, row);
    const country = toCountry(row);
    byRow.set(row, country);
    return country;
  };
  const find = async (call: string, query: URLSearchParams) => {
    const { body, headers } = await reads.get({ call, keys: 1, path: "/countries", query, body: countryBodies });
    return { countries: body.map(toCachedCountry), headers };
  };

  return {
    byCode: async (code) => orNull(toCachedCountry, await byCode.load(code)),
    byCode3: (code3) => {
      let country = promisesByCode3.get(code3);
      if (country === undefined) {
        country = byCode3.load(code3).then((row) => orNull(toCachedCountry, row));
        promisesByCode3.set(code3, country);
      }
      return country;
    },
    list: (arguments_, { region, search }) => {
      const filter = { region: region ?? null, search: nameKey(search ?? "") || null };
      const list = {
        madeFor: JSON.stringify(["countries", filter]),
        orderBy,
        maxPageSize: maxCountriesPerPage,
      };
      return connection(arguments_, list, {
        page: async (window) => pageOf((await find("countries", pageQuery(filter, window))).countries, window),
        totalCount: async () => totalOf((await find("countCountries", countQuery(filter))).headers),
        toItem: (country) => country,
      });
    },
    named: async (text) => (await find("countriesByName", filterQuery({ search: text }))).countries,
  };
}

const orNull = <Row, Item>(toItem: (row: Row) => Item, row: Row | null): Item | null =>
  row === null ? null : toItem(row);

function totalOf({ "x-total-count": total }: UpstreamAnswer<unknown>["headers"]): number {
  if (typeof total === "string" && /^\d+$/.test(total)) return Number(total);
  const reason = `expected a whole number in X-Total-Count, got ${JSON.stringify(total ?? null)}`;
  throw new DomainError("UPSTREAM_INVALID_RESPONSE", `The service countries sent an invalid response: ${reason}.`, {
    source: "countries",
  });
}

function pageOf(countries: readonly Country[], { size, backward }: PageWindow): PageRows<Country> {
  const kept = countries.slice(0, size);
  return {
    rows: backward ? kept.reverse() : kept,
    hasMore: countries.length > size,
    orderValues: ({ name }) => [name],
  };
}

/** Names are unique in the service. */
const orderBy = [{ column: "name", direction: "asc", type: "text" }] as const;

/** Keyset pagination by name: one row more than the page tells whether there is a next page. */
function pageQuery(filter: CountryFilter, { size, backward, after, before }: PageWindow): URLSearchParams {
  const query = filterQuery(filter);
  query.set("_sort", "name.common");
  query.set("_order", backward ? "desc" : "asc");
  query.set("_start", "0");
  query.set("_limit", String(size + 1));
  const excludeAnd = (operator: string, [name]: OrderValues) => {
    query.append(`name.common${operator}`, String(name));
    query.append("name.common_ne", String(name));
  };
  if (after) excludeAnd("_gte", after);
  if (before) excludeAnd("_lte", before);
  return query;
}

/** An empty page: its header has the total count. */
function countQuery(filter: CountryFilter): URLSearchParams {
  const query = filterQuery(filter);
  query.set("_start", "0");
  query.set("_limit", "0");
  return query;
}

function filterQuery({ region, search }: CountryFilter): URLSearchParams {
  const query = new URLSearchParams();
  if (region != null) query.set("region", region);
  if (search != null) query.set("name.common_like", countryNamePattern(search));
  return query;
}

const countryBody = z.object({
  cca2: z.string().regex(/^[A-Z]{2}$/),
  cca3: z.string().regex(/^[A-Z]{3}$/),
  name: z.object({ common: z.string().min(1), official: z.string().min(1) }),
  flag: z.string().min(1),
  region: z.enum(regions),
  subregion: z.string().nullish(),
  area: z.number().nullish(),
  latlng: z.tuple([z.number(), z.number()]),
  languages: z.record(z.string(), z.string()),
  capital: z.array(z.string()),
  currencies: z.record(z.string(), z.object({ name: z.string(), symbol: z.string().nullish() })),
  borders: z.array(z.string()),
});

const countryBodies = z.array(countryBody);

type CountryBody = z.infer<typeof countryBody>;

const toCountry = (body: CountryBody): Country => ({
  kind: "country",
  code: body.cca2,
  code3: body.cca3,
  name: body.name.common,
  officialName: body.name.official,
  flag: body.flag,
  region: body.region,
  subregion: body.subregion || null,
  areaKm2: body.area ?? null,
  latitude: body.latlng[0],
  longitude: body.latlng[1],
  languages: Object.values(body.languages),
  capitalName: body.capital[0] ?? null,
  currencies: Object.entries(body.currencies).map(([code, { name, symbol }]) => ({
    code,
    name,
    symbol: symbol || null,
  })),
  borderCodes3: body.borders,
});
