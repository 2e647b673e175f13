import type { RateTable } from "./rate-table.ts";

/** How rates that are a snapshot are made to move. */
export interface RatesDrift {
  /** Milliseconds from one change to the next. */
  readonly everyMs: number;
  /** Milliseconds since 1970. Default: the system's clock. */
  readonly now?: () => number;
}

/** How far a rate moves from the snapshot's at most, as a part of it. */
const reach = 0.002;

/**
 * The table as it is made up for this moment: each rate swings about that of the snapshot, each at a pace of its own. It
 * follows from the time alone, so that a service that starts anew goes on where it was. The base stays 1.
 */
export function driftedRates(
  table: RateTable,
  { everyMs, now = Date.now }: RatesDrift,
): { readonly table: RateTable; readonly maxAgeSeconds: number } {
  const time = now();
  const step = Math.floor(time / everyMs);
  const drifted = Object.entries(table.rates).map(([code, rate]) => [
    code,
    code === table.base ? rate : at(step, code, rate),
  ]);
  return {
    table: { ...table, rates: Object.fromEntries(drifted) },
    // A cache may keep it until the next change, and not a moment longer.
    maxAgeSeconds: Math.floor(((step + 1) * everyMs - time) / 1000),
  };
}

function at(step: number, code: string, rate: number): number {
  const pace = [...code].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 0);
  return Number((rate * (1 + reach * Math.sin(step * (0.3 + (pace % 97) / 200)))).toPrecision(9));
}
