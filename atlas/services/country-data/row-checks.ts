import type { CountryRow, Finding } from "./row.ts";

const regions: readonly string[] = ["Africa", "Americas", "Antarctic", "Asia", "Europe", "Oceania"];

/** Currencies that have ended, with their successors. */
const endedCurrencies: Readonly<Record<string, string>> = {
  ANG: "XCG since 2025-03-31",
  BGN: "EUR since 2026-01-01",
  CUC: "CUP since 2021-01-01",
  HRK: "EUR since 2023-01-01",
  SLL: "SLE since 2024-03-31",
  ZWB: "ZWG since 2024-04-08",
  ZWL: "ZWG since 2024-04-08",
};

type RowCheck = (row: CountryRow) => string | undefined;

/** Checks of a single country. Each returns the problem, or undefined. */
const rowChecks: Readonly<Record<string, RowCheck>> = {
  alpha2: ({ cca2 }) => unless(/^[A-Z]{2}$/.test(cca2), `expected two uppercase letters, got "${cca2}"`),
  alpha3: ({ cca3 }) => unless(/^[A-Z]{3}$/.test(cca3), `expected three uppercase letters, got "${cca3}"`),
  "numeric code": ({ ccn3 }) => unless(/^\d{3}$/.test(ccn3), `expected three digits, got "${ccn3}"`),
  name: ({ name }) => textProblem([name.common, name.official]),
  flag: ({ cca2, flag }) => unless(flag === flagOf(cca2), `expected the flag of ${cca2}, got "${flag}"`),
  region: ({ region }) => unless(regions.includes(region), `expected one of ${regions.join(", ")}, got "${region}"`),
  subregion: subregionProblem,
  area: ({ area }) => unless(area === null || area > 0, `expected more than 0 km² or null, got ${area}`),
  coordinates: ({ latlng }) => coordinatesProblem(latlng),
  capital: ({ capital }) => (capital.length === 0 ? "no capital" : textProblem(capital)),
  languages: ({ languages }) =>
    Object.keys(languages).length === 0 ? "no language" : textProblem(Object.values(languages)),
  currencies: ({ currencies }) => currenciesProblem(currencies),
  "ended currency": ({ currencies }) => endedProblem(Object.keys(currencies)),
};

/** Findings about single countries, in the order of the list. */
export function rowFindings(rows: readonly CountryRow[]): Finding[] {
  return rows.flatMap((row) =>
    Object.entries(rowChecks).flatMap(([check, problemOf]) => {
      const detail = problemOf(row);
      return detail === undefined ? [] : [{ check, subject: row.cca2, detail }];
    }),
  );
}

/** The flag emoji of an alpha-2 code: its two letters as regional indicators. */
export function flagOf(alpha2: string): string {
  const indicatorA = 0x1f1e6;
  return String.fromCodePoint(...[...alpha2].map((letter) => indicatorA + letter.charCodeAt(0) - "A".charCodeAt(0)));
}

const unless = (isValid: boolean, problem: string): string | undefined => (isValid ? undefined : problem);

function subregionProblem({ region, subregion }: CountryRow): string | undefined {
  if (subregion === null) return unless(region === "Antarctic", `expected a subregion in ${region}, got null`);
  return textProblem([subregion]);
}

function coordinatesProblem(latlng: readonly number[]): string | undefined {
  const [latitude, longitude] = latlng;
  const isValid =
    latlng.length === 2 &&
    latitude !== undefined &&
    longitude !== undefined &&
    Math.abs(latitude) <= 90 &&
    Math.abs(longitude) <= 180 &&
    !(latitude === 0 && longitude === 0);
  return unless(isValid, `expected a latitude and a longitude in degrees, got [${latlng.join(", ")}]`);
}

function currenciesProblem(currencies: CountryRow["currencies"]): string | undefined {
  const codes = Object.keys(currencies);
  if (codes.length === 0) return "no currency";
  const invalid = codes.find((code) => !/^[A-Z]{3}$/.test(code));
  if (invalid !== undefined) return `expected a code of three uppercase letters, got "${invalid}"`;
  return textProblem(Object.values(currencies).flatMap(({ name, symbol }) => [name, symbol]));
}

function endedProblem(codes: readonly string[]): string | undefined {
  const ended = codes.flatMap((code) => {
    const successor = endedCurrencies[code];
    return successor === undefined ? [] : [`${code} has ended: ${successor}`];
  });
  return ended.length === 0 ? undefined : ended.join("; ");
}

function textProblem(texts: readonly string[]): string | undefined {
  const invalid = texts.find((text) => text !== text.replace(/\s+/g, " ").trim() || text === "");
  if (invalid === undefined) return undefined;
  return `expected text without leading, trailing or repeated spaces, got "${invalid}"`;
}
