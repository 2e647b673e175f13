import type { CountryRow } from "./row.ts";

export interface CurrencyDetails {
  /** ISO 4217, or what people use for a currency that has none (`GGP`). */
  readonly code: string;
  readonly name: string;
  /** As printed before or after an amount; not unique. */
  readonly symbol: string;
}

/** Each currency that a country uses, once, by code. */
export function currenciesOf(rows: readonly CountryRow[]): CurrencyDetails[] {
  const byCode = new Map<string, CurrencyDetails>();
  for (const { currencies } of rows) {
    for (const [code, { name, symbol }] of Object.entries(currencies)) byCode.set(code, { code, name, symbol });
  }
  return [...byCode.values()].sort((a, b) => (a.code < b.code ? -1 : 1));
}
