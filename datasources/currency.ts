import DataLoader from "dataloader";
import { z } from "zod";
import { oneFor } from "./align.ts";
import type { RestReads } from "./rest/reads.ts";

export interface Currency {
  /** ISO 4217, upper case. */
  readonly code: string;
  readonly name: string;
  readonly symbol: string | null;
}

export interface CurrencyReads {
  byCode(code: string): Promise<Currency | null>;
  /** How much of `to` one unit of `from` buys; null where the service has no rate for one of them. */
  rate(from: string, to: string): Promise<number | null>;
}

/**
 * The rates service has one table of rates against one base and one list of currencies, both cacheable: however many
 * currencies and pairs a level asks for, it is one call, and mostly none because the HTTP cache has it.
 */
export function createCurrencies(reads: RestReads): CurrencyReads {
  const byCode = new DataLoader<string, Currency | null>(async (codes) => {
    const read = { call: "currencies", keys: codes.length, path: "/currencies", body: currencyBodies } as const;
    const { body } = await reads.get(read);
    return oneFor(codes, body.map(toCurrency), ({ code }) => code);
  });
  const rates = new DataLoader<Pair, number | null, string>(
    async (pairs) => {
      const { body } = await reads.get({
        call: "rates",
        keys: pairs.length,
        path: "/latest",
        body: ratesBody,
        rows: ({ rates }) => Object.keys(rates).length,
      });
      const table = new Map(Object.entries({ ...body.rates, [body.base]: 1 }));
      return pairs.map((pair) => crossRate(table, pair));
    },
    { cacheKeyFn: ({ from, to }) => `${from}>${to}` },
  );
  return { byCode: (code) => byCode.load(code), rate: (from, to) => rates.load({ from, to }) };
}

interface Pair {
  readonly from: string;
  readonly to: string;
}

/** Both rates are against the same base, so their quotient is the rate between the two; 10 digits are all it carries. */
function crossRate(table: ReadonlyMap<string, number>, { from, to }: Pair): number | null {
  const fromRate = table.get(from);
  const toRate = table.get(to);
  return fromRate === undefined || toRate === undefined ? null : Number((toRate / fromRate).toPrecision(10));
}

const currencyBodies = z.array(z.object({ code: z.string(), name: z.string(), symbol: z.string().nullish() }));

const toCurrency = ({ code, name, symbol }: z.infer<typeof currencyBodies>[number]): Currency => ({
  code,
  name,
  symbol: symbol || null,
});

const ratesBody = z.object({ base: z.string(), rates: z.record(z.string(), z.number().positive()) });
