import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { sendCacheable } from "./cached-response.ts";
import { type CurrencyDetails, currenciesOf } from "./country-data/currencies.ts";
import { loadCountries } from "./country-data/load.ts";
import { sendProblem } from "./json-response.ts";
import type { RateTable } from "./rate-table.ts";
import { driftedRates, type RatesDrift } from "./rates-drift.ts";
import { targetOf } from "./request-target.ts";
import { runService } from "./run-service.ts";

interface CurrentTable {
  readonly table: RateTable;
  readonly maxAgeSeconds?: number;
}

/**
 * The rates API: a table of rates, and the names of the currencies. Responses are cacheable.
 *
 * @param drift simulates changes of the rates. Default: constant rates
 */
export function createRatesServer(
  table: RateTable,
  currencies: readonly CurrencyDetails[],
  drift?: RatesDrift,
): Server {
  const current = (): CurrentTable => (drift ? driftedRates(table, drift) : { table });
  return createServer((request, response) => {
    if (request.method !== "GET" && request.method !== "HEAD") {
      return sendProblem(response, 405, `expected GET or HEAD, got ${request.method}`, { allow: "GET, HEAD" });
    }
    const { path, query } = targetOf(request);
    if (path === "/latest") return sendLatest(request, response, current(), query);
    if (path === "/currencies") return sendCacheable(request, response, currencies);
    return sendProblem(response, 404, `expected /latest or /currencies, got ${path}`);
  });
}

function sendLatest(request: IncomingMessage, response: ServerResponse, current: CurrentTable, query: URLSearchParams) {
  const { table, maxAgeSeconds } = current;
  if (!query.has("symbols")) return sendCacheable(request, response, table, maxAgeSeconds);
  const symbols = query.getAll("symbols").flatMap((list) => list.toUpperCase().split(","));
  const invalid = symbols.find((symbol) => !/^[A-Z]{3}$/.test(symbol));
  if (invalid !== undefined) {
    return sendProblem(response, 400, `symbols: expected codes of three letters, such as USD,JPY, got "${invalid}"`);
  }
  const rates = Object.entries(table.rates).filter(([code]) => symbols.includes(code));
  return sendCacheable(request, response, { ...table, rates: Object.fromEntries(rates) }, maxAgeSeconds);
}

/** The snapshot of the rates, see `atlas/data/README.md`. */
export async function loadRates(): Promise<RateTable> {
  return JSON.parse(await readFile(new URL("../data/rates.json", import.meta.url), "utf8"));
}

/** @param text RATES_DRIFT_MS; 0 for constant rates */
function driftFromEnvironment(text = "0"): RatesDrift | undefined {
  if (!/^\d+$/.test(text)) throw new Error(`RATES_DRIFT_MS: expected whole milliseconds from 0, got "${text}"`);
  return Number(text) === 0 ? undefined : { everyMs: Number(text) };
}

if (import.meta.main) {
  const drift = driftFromEnvironment(process.env.RATES_DRIFT_MS);
  await runService("rates", async () =>
    createRatesServer(await loadRates(), currenciesOf(await loadCountries()), drift),
  );
}
