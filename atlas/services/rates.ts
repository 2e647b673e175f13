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

/** A table, and how long it holds. */
interface HeldTable {
  readonly table: RateTable;
  readonly maxAgeSeconds?: number;
}

/**
 * The rates API: one table that all cross rates follow from, and the currencies' names. Answers may be cached.
 *
 * @param drift makes the rates of the table move. Default: they stay
 */
export function createRatesServer(
  table: RateTable,
  currencies: readonly CurrencyDetails[],
  drift?: RatesDrift,
): Server {
  const held = (): HeldTable => (drift ? driftedRates(table, drift) : { table });
  return createServer((request, response) => {
    if (request.method !== "GET" && request.method !== "HEAD") {
      return sendProblem(response, 405, `expected GET or HEAD, got ${request.method}`, { allow: "GET, HEAD" });
    }
    const { path, query } = targetOf(request);
    if (path === "/latest") return sendLatest(request, response, held(), query);
    if (path === "/currencies") return sendCacheable(request, response, currencies);
    return sendProblem(response, 404, `expected /latest or /currencies, got ${path}`);
  });
}

function sendLatest(request: IncomingMessage, response: ServerResponse, held: HeldTable, query: URLSearchParams) {
  const { table, maxAgeSeconds } = held;
  if (!query.has("symbols")) return sendCacheable(request, response, table, maxAgeSeconds);
  const symbols = query.getAll("symbols").flatMap((list) => list.toUpperCase().split(","));
  const wrong = symbols.find((symbol) => !/^[A-Z]{3}$/.test(symbol));
  if (wrong !== undefined) {
    return sendProblem(response, 400, `symbols: expected codes of three letters, as in USD,JPY, got "${wrong}"`);
  }
  const rates = Object.entries(table.rates).filter(([code]) => symbols.includes(code));
  return sendCacheable(request, response, { ...table, rates: Object.fromEntries(rates) }, maxAgeSeconds);
}

/** The snapshot that comes with the project; `atlas/data/README.md` says where it is from. */
export async function loadRates(): Promise<RateTable> {
  return JSON.parse(await readFile(new URL("../data/rates.json", import.meta.url), "utf8"));
}

/** Reads RATES_DRIFT_MS; 0, which is never, when unset. */
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
