import type { AirportTable, CityTable } from "../../datasources/database.ts";
import { distanceKm } from "../../datasources/geometry.ts";

/** An error, or a possible error, in one row or several. */
export interface Finding {
  readonly rule: Rule;
  /** The rows, such as `city 4748993, city 4608657`, or their number if there are many. */
  readonly subject: string;
  /** The information for the decision. */
  readonly detail: string;
}

export const rules = [
  "id is unique",
  "IATA code is unique",
  "IATA code is three letters",
  "country exists",
  "coordinates are valid",
  "name is not empty",
  "elevation is plausible",
  "city is listed once",
  "population is known",
  "city is inhabited",
  "country has one capital",
  "time zone exists",
] as const;

export type Rule = (typeof rules)[number];

export interface PlaceRows {
  readonly cities: readonly CityTable[];
  readonly airports: readonly AirportTable[];
}

/** Errors, and possible errors, in the rows of the data packages. */
export function findProblems({ cities, airports }: PlaceRows, countryCodes: ReadonlySet<string>): Finding[] {
  const invalidPlaces = (rule: Rule, problem: (row: Place) => string | undefined) => [
    ...invalid(rule, "city", cities, problem),
    ...invalid(rule, "airport", airports, problem),
  ];
  return [
    ...repeated("id is unique", "city", cities, (city) => city.id),
    ...repeated("id is unique", "airport", airports, (airport) => airport.id),
    ...repeated("IATA code is unique", "airport", airports, (airport) => airport.iata),
    ...invalid("IATA code is three letters", "airport", airports, ({ iata }) =>
      iata === null || /^[A-Z]{3}$/.test(iata) ? undefined : `"${iata}"`,
    ),
    ...invalidPlaces("country exists", ({ country_code }) =>
      countryCodes.has(country_code) ? undefined : `"${country_code}"`,
    ),
    ...invalidPlaces("coordinates are valid", ({ latitude, longitude }) =>
      areValidCoordinates(latitude, longitude) ? undefined : `latitude ${latitude}, longitude ${longitude}`,
    ),
    ...invalidPlaces("name is not empty", ({ name, name_key }) =>
      name.trim() !== "" && name_key !== "" ? undefined : `"${name}"`,
    ),
    ...invalid("elevation is plausible", "airport", airports, ({ elevation_m }) =>
      isPlausibleElevation(elevation_m) ? undefined : `${elevation_m} m`,
    ),
    ...citiesListedTwice(cities),
    ...counted("population is known", cities, (city) => city.population > 0),
    ...counted("city is inhabited", cities, (city) => !formerFeatureCodes.has(city.feature_code)),
    ...repeated("country has one capital", "city", cities, (city) =>
      city.feature_code === "PPLC" ? city.country_code : null,
    ),
    ...invalid("time zone exists", "city", cities, unknownTimeZone()),
  ];
}

type Place = CityTable | AirportTable;
type Kind = "city" | "airport";

const describe = ({ name, country_code }: Place): string => `${name}, ${country_code}`;

/** A finding for each row with the same key as an earlier row. The key null is not compared. */
function repeated<Row extends Place>(
  rule: Rule,
  kind: Kind,
  rows: readonly Row[],
  keyOf: (row: Row) => string | number | null,
): Finding[] {
  const firstOf = new Map<string | number, Row>();
  const findings: Finding[] = [];
  for (const row of rows) {
    const key = keyOf(row);
    if (key === null) continue;
    const first = firstOf.get(key);
    if (first === undefined) firstOf.set(key, row);
    else
      findings.push({
        rule,
        subject: `${kind} ${first.id}, ${kind} ${row.id}`,
        detail: `"${key}" is shared by ${describe(first)} and ${describe(row)}`,
      });
  }
  return findings;
}

/** A finding for each row with a problem. */
function invalid<Row extends Place>(
  rule: Rule,
  kind: Kind,
  rows: readonly Row[],
  problem: (row: Row) => string | undefined,
): Finding[] {
  const findings: Finding[] = [];
  for (const row of rows) {
    const detail = problem(row);
    if (detail !== undefined)
      findings.push({ rule, subject: `${kind} ${row.id}`, detail: `${describe(row)}: ${detail}` });
  }
  return findings;
}

/** One finding for all cities with a problem that is too common to decide for each city. */
function counted(rule: Rule, cities: readonly CityTable[], isValid: (city: CityTable) => boolean): Finding[] {
  const invalidCities = cities.filter((city) => !isValid(city));
  const [first] = invalidCities;
  if (first === undefined) return [];
  const subject = `${invalidCities.length} cities`;
  return [{ rule, subject, detail: `city ${first.id} (${describe(first)}) is the first` }];
}

const areValidCoordinates = (latitude: number, longitude: number): boolean =>
  Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 && !(latitude === 0 && longitude === 0);

/** From the shore of the Dead Sea to the highest airport, Daocheng Yading at 4,411 m. */
const isPlausibleElevation = (meters: number | null): boolean => meters === null || (meters >= -450 && meters <= 4_500);

/** Abandoned, historical and destroyed cities, and former capitals. */
const formerFeatureCodes: ReadonlySet<string> = new Set(["PPLQ", "PPLH", "PPLW", "PPLCH"]);

function unknownTimeZone(): (city: CityTable) => string | undefined {
  const cache = new Map<string, boolean>();
  return ({ time_zone }) => {
    const exists = cache.get(time_zone) ?? existsTimeZone(time_zone);
    cache.set(time_zone, exists);
    return exists ? undefined : `"${time_zone}"`;
  };
}

function existsTimeZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone });
    return true;
  } catch {
    return false;
  }
}

/** Pairs of rows with the same country and name key, less than a kilometer apart. */
function citiesListedTwice(cities: readonly CityTable[]): Finding[] {
  const findings: Finding[] = [];
  for (const same of Map.groupBy(cities, (city) => city.name_key).values())
    for (const [index, city] of same.entries())
      for (const other of same.slice(0, index)) {
        if (other.country_code !== city.country_code) continue;
        const km = distanceKm(city, other);
        if (km < 1) findings.push(listedTwice(other, city, km));
      }
  return findings;
}

const listedTwice = (first: CityTable, second: CityTable, km: number): Finding => ({
  rule: "city is listed once",
  subject: `city ${first.id}, city ${second.id}`,
  detail: `${describe(first)}, population ${first.population}, and ${second.name}, ${second.population}, ${km.toFixed(2)} km apart`,
});
