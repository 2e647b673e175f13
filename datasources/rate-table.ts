import { z } from "zod";

/** How much one unit of the service's base buys, by code; the base itself is in it, as 1. */
export type RateTable = ReadonlyMap<string, number>;

/** Any two currencies. */
export interface RatePair {
  /** ISO 4217, upper case. */
  readonly from: string;
  readonly to: string;
}

export const ratesBody = z.object({ base: z.string(), rates: z.record(z.string(), z.number().positive()) });

type RatesBody = z.infer<typeof ratesBody>;

/** The service's one table: every rate between two currencies follows from it. */
export const latestRates = {
  call: "rates",
  path: "/latest",
  body: ratesBody,
  rows: ({ rates }: RatesBody): number => Object.keys(rates).length,
} as const;

export const toRateTable = ({ base, rates }: RatesBody): RateTable => new Map(Object.entries({ ...rates, [base]: 1 }));

/** Both rates are against the same base, so their quotient is the rate between the two; 10 digits are all it carries. */
export function crossRate(table: RateTable, { from, to }: RatePair): number | null {
  const fromRate = table.get(from);
  const toRate = table.get(to);
  return fromRate === undefined || toRate === undefined ? null : Number((toRate / fromRate).toPrecision(10));
}
