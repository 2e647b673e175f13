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
 * At most `limit` results, best first: exact matches of name or code, then names and codes that start with the text,
 * then results where each word of the text is the prefix of a word (of the name, the code, or an airport's
 * municipality). Within a rank, countries come first, then larger cities and airports.
 */
export type Search = (
  text: string,
  limit: number,
  properties?: SearchResultProperties,
) => Promise<readonly SearchResult[]>;

/** The properties of the results to read; undefined for all. */
export interface SearchResultProperties {
  readonly cities: CityProperties;
  readonly airports: AirportProperties;
}

interface Sources {
  readonly countries: CountryReads;
  readonly cities: CityReads;
  readonly airports: AirportReads;
}

/** Searches database and countries service in parallel, then reads the found cities and airports in parallel. */
export function createSearch(reads: Reads<AtlasDatabase>, sources: Sources): Search {
  const terms = termLoader(reads);
  return async (text, limit, properties) => {
    const key = nameKey(text);
    if (key === "" || limit === 0) return [];
    const [countries, found] = await Promise.all([
      findCountries(sources.countries, text, key),
      terms.load({ key, limit }).then((rows) => readMatches(sources, rows, properties)),
    ]);
    return [...countries, ...found]
      .sort((a, b) => a.rank - b.rank)
      .slice(0, limit)
      .map(({ result }) => result);
  };
}

interface Match {
  readonly result: SearchResult;
  /** 0: equal; 1: starts with the text; 2: has words that start with the words of the text. */
  readonly rank: number;
}

async function findCountries(countries: CountryReads, text: string, key: string): Promise<Match[]> {
  const [byName, byCode] = await Promise.all([countries.named(text), countryByCode(countries, key)]);
  const matches = byName
    .filter(({ code }) => code !== byCode?.code)
    .map((country): Match & { result: Country } => ({ result: country, rank: rankOf(nameKey(country.name), key) }))
    .sort((a, b) => (b.result.areaKm2 ?? 0) - (a.result.areaKm2 ?? 0));
  return byCode ? [{ result: byCode, rank: 0 }, ...matches] : matches;
}

const countryByCode = (countries: CountryReads, key: string): Promise<Country | null> | null => {
  if (/^[a-z]{2}$/.test(key)) return countries.byCode(key.toUpperCase());
  return /^[a-z]{3}$/.test(key) ? countries.byCode3(key.toUpperCase()) : null;
};

const rankOf = (name: string, key: string): number => {
  if (name === key) return 0;
  return name.startsWith(key) ? 1 : 2;
};

interface MatchRow {
  readonly kind: SearchTermTable["kind"];
  readonly ref_id: number;
  readonly match_rank: number;
}

interface SearchKey {
  readonly key: string;
  readonly limit: number;
}

/** Equal searches of a request share one query; different searches are parallel queries. */
const termLoader = (reads: Reads<AtlasDatabase>) =>
  reads.loader(
    ["search_term"],
    (searches: readonly SearchKey[]) =>
      Promise.all(searches.map(({ key, limit }) => reads.query("search", 1, searchQuery(key, limit)).catch(asError))),
    { cacheKeyFn: ({ key, limit }) => `${limit}:${key}` },
  );

/** DataLoader takes an `Error` as the failure of one key. */
const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)));

async function readMatches(
  { cities, airports }: Sources,
  rows: readonly MatchRow[],
  properties: SearchResultProperties | undefined,
): Promise<Match[]> {
  const matches = await Promise.all(
    rows.map(async ({ kind, ref_id, match_rank }): Promise<Match[]> => {
      const result = await (kind === "city"
        ? cities.byId(ref_id as CityId, properties?.cities)
        : airports.byId(ref_id, properties?.airports));
      return result === null ? [] : [{ result, rank: Number(match_rank) }];
    }),
  );
  return matches.flat();
}

/**
 * The longest word of the text, usually the most selective, is a range of the index; the other words filter its rows.
 * `key` has only letters, digits and spaces, so `like` needs no escape.
 */
function searchQuery(key: string, limit: number): RawBuilder<MatchRow> {
  const [longest = key, ...others] = key.split(" ").sort((a, b) => b.length - a.length);
  const conditions: RawBuilder<SqlBool>[] = [
    sql`term >= ${longest}`,
    sql`term < ${`${longest}\u{10FFFF}`}`,
    ...others.map((word) => sql<SqlBool>`(words like ${`${word}%`} or words like ${`% ${word}%`})`),
  ];
  return sql`
    select kind, ref_id,
      min(case when name_key = ${key} then 0 when name_key like ${`${key}%`} then 1 else 2 end) as match_rank,
      max(weight) as size
    from search_term where ${sql.join(conditions, sql` and `)}
    group by kind, ref_id order by match_rank, size desc, kind, ref_id limit ${sql.lit(limit)}`;
}
