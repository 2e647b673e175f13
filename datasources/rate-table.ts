import { z } from "zod";

/** Units of each currency per unit of the service's base, by code; includes the base as 1. */
export type RateTable = ReadonlyMap<string, number>;

/** Two currencies. */
export interface RatePair {
  /** ISO 4217, upper case. */
  readonly from: string;
  readonly to: string;
}

export const ratesBody = z.object({ base: z.string(), rates: z.record(z.string(), z.number().positive()) });

type RatesBody = z.infer<typeof ratesBody>;

/** The table of rates against the base; the rate of any pair is computed from it. */
export const latestRates = {
  call: "rates",
  path: "/latest",
  body: ratesBody,
  rows: ({ rates }: RatesBody): number => Object.keys(rates).length,
} as const;

export const toRateTable = ({ base, rates }: RatesBody): RateTable => new Map(Object.entries({ ...rates, [base]: 1 }));

/** Null if the table has no rate for one of them. Rounded to 10 significant digits, the precision of the table. */
export function crossRate(table: RateTable, { from, to }: RatePair): number | null {
  const fromRate = table.get(from);
  const toRate = table.get(to);
  return fromRate === undefined || toRate === undefined ? null : Number((toRate / fromRate).toPrecision(10));
}
