import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Reads } from "tributary-graphql/sql";
import type { Airport, AirportProperties } from "./airport.ts";
import type { AirportReads } from "./airport-reads.ts";
import type { City, CityId, CityProperties, CityReads } from "./city.ts";
import type { Country, CountryReads } from "./country.ts";
import type { AtlasDatabase, SearchTermTable } from "./database.ts";
import { nameKey } from "./name-key.ts";

export type SearchResult = Country | City | Airport;

/**
 * The results for a text, best first: names or codes that equal it, then those that start with it, then what has each of its
 * words at the start of one of its own: a word of its name, its code, or of the municipality of an airport. Within each,
 * countries come first and then what is larger. At most `limit` results.
 */
export type Search = (text: string, limit: number, needed?: NeededOfPlaces) => Promise<readonly SearchResult[]>;

/** The properties that are needed of what is found; undefined for all. */
export interface NeededOfPlaces {
  readonly cities: CityProperties;
  readonly airports: AirportProperties;
}

interface Sources {
  readonly countries: CountryReads;
  readonly cities: CityReads;
  readonly airports: AirportReads;
}

/** The database and the countries service are asked side by side; the cities and airports found are then read at once. */
export function createSearch(reads: Reads<AtlasDatabase>, sources: Sources): Search {
  const places = placeLoader(reads);
  return async (text, limit, needed) => {
    const key = nameKey(text);
    if (key === "" || limit === 0) return [];
    const [countries, found] = await Promise.all([
      findCountries(sources.countries, text, key),
      places.load({ key, limit }).then((rows) => readPlaces(sources, rows, needed)),
    ]);
    return [...countries, ...found]
      .sort((a, b) => a.tier - b.tier)
      .slice(0, limit)
      .map(({ result }) => result);
  };
}

interface Hit {
  readonly result: SearchResult;
  /** 0 equal, 1 starts with, 2 has a word that starts with. */
  readonly tier: number;
}

async function findCountries(countries: CountryReads, text: string, key: string): Promise<Hit[]> {
  const [named, coded] = await Promise.all([countries.named(text), countryByCode(countries, key)]);
  const hits = named
    .filter(({ code }) => code !== coded?.code)
    .map((country): Hit & { result: Country } => ({ result: country, tier: tierOf(nameKey(country.name), key) }))
    .sort((a, b) => (b.result.areaKm2 ?? 0) - (a.result.areaKm2 ?? 0));
  return coded ? [{ result: coded, tier: 0 }, ...hits] : hits;
}

const countryByCode = (countries: CountryReads, key: string): Promise<Country | null> | null => {
  if (/^[a-z]{2}$/.test(key)) return countries.byCode(key.toUpperCase());
  return /^[a-z]{3}$/.test(key) ? countries.byCode3(key.toUpperCase()) : null;
};

const tierOf = (name: string, key: string): number => {
  if (name === key) return 0;
  return name.startsWith(key) ? 1 : 2;
};

interface PlaceRow {
  readonly kind: SearchTermTable["kind"];
  readonly ref_id: number;
  readonly tier: number;
}

interface PlaceQuestion {
  readonly key: string;
  readonly limit: number;
}

/** The same search under two aliases is one query; two searches are two, side by side. */
const placeLoader = (reads: Reads<AtlasDatabase>) =>
  reads.loader(
    ["search_term"],
    (questions: readonly PlaceQuestion[]) =>
      Promise.all(questions.map(({ key, limit }) => reads.query("search", 1, searchQuery(key, limit)).catch(asError))),
    { cacheKeyFn: ({ key, limit }) => `${limit}:${key}` },
  );

/** A failed search is an `Error` in its own slot. */
const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)));

async function readPlaces(
  { cities, airports }: Sources,
  rows: readonly PlaceRow[],
  needed: NeededOfPlaces | undefined,
): Promise<Hit[]> {
  const hits = await Promise.all(
    rows.map(async ({ kind, ref_id, tier }): Promise<Hit[]> => {
      const result = await (kind === "city"
        ? cities.byId(ref_id as CityId, needed?.cities)
        : airports.byId(ref_id, needed?.airports));
      return result === null ? [] : [{ result, tier: Number(tier) }];
    }),
  );
  return hits.flat();
}

/**
 * A range over the indexed words with the longest word of the text, which is the rarest; its other words are then
 * looked for among the words of what this finds. `key` has letters, digits and spaces only, so it needs no escape in `like`.
 */
function searchQuery(key: string, limit: number): RawBuilder<PlaceRow> {
  const [longest = key, ...others] = key.split(" ").sort((a, b) => b.length - a.length);
  const conditions: RawBuilder<SqlBool>[] = [
    sql`term >= ${longest}`,
    sql`term < ${`${longest}\u{10FFFF}`}`,
    ...others.map((word) => sql<SqlBool>`(words like ${`${word}%`} or words like ${`% ${word}%`})`),
  ];
  return sql`
    select kind, ref_id,
      min(case when name_key = ${key} then 0 when name_key like ${`${key}%`} then 1 else 2 end) as tier,
      max(weight) as size
    from search_term where ${sql.join(conditions, sql` and `)}
    group by kind, ref_id order by tier, size desc, kind, ref_id limit ${sql.lit(limit)}`;
}
