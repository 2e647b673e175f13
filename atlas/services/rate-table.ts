/** The rates of one day: units of each currency per unit of the base. */
export interface RateTable {
  /** `YYYY-MM-DD`. */
  readonly date: string;
  readonly base: string;
  /** By code; includes the base as 1. */
  readonly rates: Readonly<Record<string, number>>;
}
