import { readFile, writeFile } from "node:fs/promises";
import { currenciesOf } from "../services/country-data/currencies.ts";
import { loadCountries } from "../services/country-data/load.ts";

/** The rates of the given currencies from `v1/currencies/eur.json` of `@fawazahmed0/currency-api`. */
export function takeRates(document: { date: string; eur: Record<string, number> }, codes: readonly string[]) {
  const rates = codes.flatMap((code) => {
    const rate = document.eur[code.toLowerCase()];
    return rate === undefined ? [] : [[code, rate] as const];
  });
  return { date: document.date, base: "EUR", rates: Object.fromEntries(rates) };
}

if (import.meta.main) {
  const [from = "eur.json"] = process.argv.slice(2);
  const codes = currenciesOf(await loadCountries()).map(({ code }) => code);
  const table = takeRates(JSON.parse(await readFile(from, "utf8")), codes);
  await writeFile(new URL("rates.json", import.meta.url), `${JSON.stringify(table, null, 2)}\n`);
}
