import type { RateTable } from "./rate-table.ts";

/** Simulated changes of the rates. */
export interface RatesDrift {
  /** Interval of the changes in milliseconds. */
  readonly everyMs: number;
  /** Returns milliseconds since 1970. Default: the system clock. */
  readonly now?: () => number;
}

/** Maximum relative difference of a rate from the snapshot. */
const amplitude = 0.002;

/**
 * The simulated table at this time: each rate oscillates around the rate of the snapshot with a frequency of its own. It
 * depends only on the time, so it continues after a restart of the service. The base stays 1.
 */
export function driftedRates(
  table: RateTable,
  { everyMs, now = Date.now }: RatesDrift,
): { readonly table: RateTable; readonly maxAgeSeconds: number } {
  const time = now();
  const step = Math.floor(time / everyMs);
  const drifted = Object.entries(table.rates).map(([code, rate]) => [
    code,
    code === table.base ? rate : rateAt(step, code, rate),
  ]);
  return {
    table: { ...table, rates: Object.fromEntries(drifted) },
    // A cached response expires at the next change.
    maxAgeSeconds: Math.floor(((step + 1) * everyMs - time) / 1000),
  };
}

function rateAt(step: number, code: string, rate: number): number {
  const seed = [...code].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 0);
  return Number((rate * (1 + amplitude * Math.sin(step * (0.3 + (seed % 97) / 200)))).toPrecision(9));
}
