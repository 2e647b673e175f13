import DataLoader from "dataloader";
import type { RestReads } from "tributary-graphql/rest";
import { oneFor } from "tributary-graphql/rest";
import { z } from "zod";
import { crossRate, latestRates, type RatePair, toRateTable } from "./rate-table.ts";

export interface Currency {
  /** ISO 4217, upper case. */
  readonly code: string;
  readonly name: string;
  readonly symbol: string | null;
}

export interface CurrencyReads {
  byCode(code: string): Promise<Currency | null>;
  /** Units of `to` per unit of `from`; null if the service has no rate for one of them. */
  rate(from: string, to: string): Promise<number | null>;
}

/**
 * The rates service has one table of rates and one list of currencies, both cacheable: any number of currencies and
 * pairs is one call, or none when the HTTP cache has a fresh response.
 */
export function createCurrencies(reads: RestReads, batchScheduleFn?: (dispatch: () => void) => void): CurrencyReads {
  const byCode = new DataLoader<string, Currency | null>(
    async (codes) => {
      const read = { call: "currencies", keys: codes.length, path: "/currencies", body: currencyBodies } as const;
      const { body } = await reads.get(read);
      return oneFor(codes, body.map(toCurrency), ({ code }) => code);
    },
    { batchScheduleFn },
  );
  const rates = new DataLoader<RatePair, number | null, string>(
    async (pairs) => {
      const { body } = await reads.get({ ...latestRates, keys: pairs.length });
      const table = toRateTable(body);
      return pairs.map((pair) => crossRate(table, pair));
    },
    { batchScheduleFn, cacheKeyFn: ({ from, to }) => `${from}>${to}` },
  );
  return { byCode: (code) => byCode.load(code), rate: (from, to) => rates.load({ from, to }) };
}

const currencyBodies = z.array(z.object({ code: z.string(), name: z.string(), symbol: z.string().nullish() }));

const toCurrency = ({ code, name, symbol }: z.infer<typeof currencyBodies>[number]): Currency => ({
  code,
  name,
  symbol: symbol || null,
});
