import type { AirportTable, CityTable } from "../../datasources/database.ts";
import { distanceKm } from "../../datasources/geometry.ts";

/** Something that a row, or a set of them, has wrong or that looks wrong. */
export interface Finding {
  readonly rule: Rule;
  /** The rows, `city 4748993, city 4608657`, or a count of them where there are many of one kind. */
  readonly subject: string;
  /** The finding, for a person to decide on. */
  readonly detail: string;
}

export const rules = [
  "id is unique",
  "IATA code is unique",
  "IATA code is three letters",
  "country exists",
  "place is on the globe",
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

/** Faults, or possible ones, in the rows of the data packages. */
export function findProblems({ cities, airports }: PlaceRows, countryCodes: ReadonlySet<string>): Finding[] {
  const wrongPlaces = (rule: Rule, problem: (row: Place) => string | undefined) => [
    ...wrong(rule, "city", cities, problem),
    ...wrong(rule, "airport", airports, problem),
  ];
  return [
    ...repeated("id is unique", "city", cities, (city) => city.id),
    ...repeated("id is unique", "airport", airports, (airport) => airport.id),
    ...repeated("IATA code is unique", "airport", airports, (airport) => airport.iata),
    ...wrong("IATA code is three letters", "airport", airports, ({ iata }) =>
      iata === null || /^[A-Z]{3}$/.test(iata) ? undefined : `"${iata}"`,
    ),
    ...wrongPlaces("country exists", ({ country_code }) =>
      countryCodes.has(country_code) ? undefined : `"${country_code}"`,
    ),
    ...wrongPlaces("place is on the globe", ({ latitude, longitude }) =>
      isOnGlobe(latitude, longitude) ? undefined : `latitude ${latitude}, longitude ${longitude}`,
    ),
    ...wrongPlaces("name is not empty", ({ name, name_key }) =>
      name.trim() !== "" && name_key !== "" ? undefined : `"${name}"`,
    ),
    ...wrong("elevation is plausible", "airport", airports, ({ elevation_m }) =>
      isPlausibleElevation(elevation_m) ? undefined : `${elevation_m} m`,
    ),
    ...citiesListedTwice(cities),
    ...counted("population is known", cities, (city) => city.population > 0),
    ...counted("city is inhabited", cities, (city) => !formerFeatureCodes.has(city.feature_code)),
    ...repeated("country has one capital", "city", cities, (city) =>
      city.feature_code === "PPLC" ? city.country_code : null,
    ),
    ...wrong("time zone exists", "city", cities, unknownTimeZone()),
  ];
}

type Place = CityTable | AirportTable;
type Kind = "city" | "airport";

const describe = ({ name, country_code }: Place): string => `${name}, ${country_code}`;

/** A row whose key an earlier row has; `null` is shared freely. */
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

/** Rows for which `problem` has an answer. */
function wrong<Row extends Place>(
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

/** One finding for all rows of a kind that is too common to decide one by one. */
function counted(rule: Rule, cities: readonly CityTable[], isFine: (city: CityTable) => boolean): Finding[] {
  const bad = cities.filter((city) => !isFine(city));
  const [first] = bad;
  if (first === undefined) return [];
  return [{ rule, subject: `${bad.length} cities`, detail: `city ${first.id} (${describe(first)}) is the first` }];
}

const isOnGlobe = (latitude: number, longitude: number): boolean =>
  Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 && !(latitude === 0 && longitude === 0);

/** From the shore of the Dead Sea to above the highest airport there is, Daocheng Yading. */
const isPlausibleElevation = (metres: number | null): boolean => metres === null || (metres >= -450 && metres <= 4_500);

/** Abandoned, historical and destroyed places, and a former capital. */
const formerFeatureCodes: ReadonlySet<string> = new Set(["PPLQ", "PPLH", "PPLW", "PPLCH"]);

function unknownTimeZone(): (city: CityTable) => string | undefined {
  const isKnown = new Map<string, boolean>();
  return ({ time_zone }) => {
    const known = isKnown.get(time_zone) ?? existsTimeZone(time_zone);
    isKnown.set(time_zone, known);
    return known ? undefined : `"${time_zone}"`;
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

/** Two rows of one country, one name and one place: nearer than a kilometre. */
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
