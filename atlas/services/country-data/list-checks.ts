import type { CountryRow, Finding } from "./row.ts";

/** Findings that require a comparison of countries. */
export function listFindings(rows: readonly CountryRow[]): Finding[] {
  return [
    ...duplicates(rows, "alpha2 twice", (row) => row.cca2),
    ...duplicates(rows, "alpha3 twice", (row) => row.cca3),
    ...duplicates(rows, "name twice", (row) => row.name.common),
    ...borderFindings(rows),
    ...disagreements(rows, "currency details", currencyDetails),
    ...disagreements(rows, "language name", (row) => Object.entries(row.languages)),
  ];
}

const currencyDetails = (row: CountryRow): [string, string][] =>
  Object.entries(row.currencies).map(([code, { name, symbol }]) => [code, `${name} (${symbol})`]);

function duplicates(rows: readonly CountryRow[], check: string, keyOf: (row: CountryRow) => string): Finding[] {
  const groups = Map.groupBy(rows, keyOf);
  return [...groups].flatMap(([subject, same]) =>
    same.length === 1 ? [] : [{ check, subject, detail: `used by ${same.map((row) => row.cca2).join(", ")}` }],
  );
}

/** Each neighbor must be in the list, another country, listed once, and list this country too. */
function borderFindings(rows: readonly CountryRow[]): Finding[] {
  const byAlpha3 = new Map(rows.map((row) => [row.cca3, row]));
  return rows.flatMap((row) =>
    row.borders.flatMap((border, index) => {
      const detail = borderProblem(row, byAlpha3.get(border), border, index);
      return detail === undefined ? [] : [{ check: "border", subject: row.cca2, detail }];
    }),
  );
}

function borderProblem(row: CountryRow, neighbor: CountryRow | undefined, border: string, index: number) {
  if (neighbor === undefined) return `neighbor ${border} is not in the list`;
  if (neighbor.cca3 === row.cca3) return "lists itself as a neighbor";
  if (row.borders.indexOf(border) !== index) return `lists ${border} twice`;
  return neighbor.borders.includes(row.cca3) ? undefined : `lists ${border}, which does not list ${row.cca3}`;
}

/** Codes with different descriptions in different countries. */
function disagreements(
  rows: readonly CountryRow[],
  check: string,
  describe: (row: CountryRow) => readonly (readonly [code: string, description: string])[],
): Finding[] {
  const uses = rows.flatMap((row) =>
    describe(row).map(([code, description]) => ({ code, description, country: row.cca2 })),
  );
  return [...Map.groupBy(uses, (use) => use.code)].flatMap(([subject, same]) => {
    const byDescription = Map.groupBy(same, (use) => use.description);
    if (byDescription.size === 1) return [];
    const variants = [...byDescription].map(
      ([text, users]) => `${text} in ${users.map((use) => use.country).join(", ")}`,
    );
    return [{ check, subject, detail: variants.join("; ") }];
  });
}
