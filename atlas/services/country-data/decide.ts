import { isDeepStrictEqual } from "node:util";
import type { Country } from "world-countries";
import { listFindings } from "./list-checks.ts";
import type { Acceptance, Correction, CountryRow, Finding } from "./row.ts";
import { rowFindings } from "./row-checks.ts";

/**
 * Returns a corrected copy of the rows.
 * @throws Error for a correction of an unknown country, and for a value that is not the `from` of the correction
 */
export function correct(rows: readonly Country[], corrections: readonly Correction[]): CountryRow[] {
  const copies: CountryRow[] = structuredClone([...rows]);
  const byAlpha2 = new Map(copies.map((row) => [row.cca2, row]));
  for (const correction of corrections) {
    const row = byAlpha2.get(correction.country);
    if (row === undefined)
      throw new Error(`A correction has the country "${correction.country}", which is not in the list.`);
    applyTo(row, correction);
  }
  return copies;
}

/** The findings that are not accepted. */
export function undecided(findings: readonly Finding[], accepted: readonly Acceptance[]): Finding[] {
  const decided = new Set(accepted.map(({ check, subject }) => `${check}/${subject}`));
  return findings.filter(({ check, subject }) => !decided.has(`${check}/${subject}`));
}

/**
 * Corrects and checks the rows.
 * @throws Error that lists each finding without a decision, and each acceptance without a finding
 */
export function decide(
  rows: readonly Country[],
  corrections: readonly Correction[],
  accepted: readonly Acceptance[],
): CountryRow[] {
  const corrected = correct(rows, corrections);
  const findings = [...rowFindings(corrected), ...listFindings(corrected)];
  const problems = [
    ...undecided(findings, accepted).map(({ check, subject, detail }) => `${subject}: ${check}: ${detail}`),
    ...stale(findings, accepted).map(({ check, subject }) => `${subject}: ${check}: accepted, but no longer found`),
  ];
  if (problems.length > 0) {
    throw new Error(
      `The countries data has ${problems.length} finding(s) without a decision. Decide each in atlas/data/country-corrections.ts:\n` +
        problems.map((problem) => `  ${problem}`).join("\n"),
    );
  }
  return corrected;
}

/** Acceptances without a finding: the package has fixed the data, so the acceptance must be removed. */
export function stale(findings: readonly Finding[], accepted: readonly Acceptance[]): Acceptance[] {
  const found = new Set(findings.map(({ check, subject }) => `${check}/${subject}`));
  return accepted.filter(({ check, subject }) => !found.has(`${check}/${subject}`));
}

function applyTo(row: CountryRow, { country, path, from, to }: Correction): void {
  const keys = path.split(".");
  const last = keys.pop() ?? path;
  const parent = keys.reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), row);
  if (!isRecord(parent) || !isDeepStrictEqual(parent[last], from)) {
    const actual = isRecord(parent) ? JSON.stringify(parent[last]) : "nothing";
    throw new Error(`The correction of ${country} ${path} expected ${JSON.stringify(from)}, got ${actual}.`);
  }
  parent[last] = structuredClone(to);
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
