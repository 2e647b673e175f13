import type { CountryRow } from "./row.ts";

export interface CurrencyDetails {
  /** ISO 4217, or the customary code of a currency without one (`GGP`). */
  readonly code: string;
  readonly name: string;
  /** Not unique. */
  readonly symbol: string;
}

/** The currencies of all countries, without duplicates, in order of their codes. */
export function currenciesOf(rows: readonly CountryRow[]): CurrencyDetails[] {
  const byCode = new Map<string, CurrencyDetails>();
  for (const { currencies } of rows) {
    for (const [code, { name, symbol }] of Object.entries(currencies)) byCode.set(code, { code, name, symbol });
  }
  return [...byCode.values()].sort((a, b) => (a.code < b.code ? -1 : 1));
}
