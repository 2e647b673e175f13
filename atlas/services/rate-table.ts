/** One day's rates: how many units of each currency one unit of the base buys. */
export interface RateTable {
  /** Day of the rates, `YYYY-MM-DD`. */
  readonly date: string;
  readonly base: string;
  /** By code; the base is in it, as 1. */
  readonly rates: Readonly<Record<string, number>>;
}
