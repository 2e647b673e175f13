/** The calls to sources that were recorded of an operation. */
export interface CallBudget {
  /** By source. One that is not named is not called. */
  readonly sources: Readonly<Record<string, number>>;
  /** How many calls wait for each other, at most. */
  readonly chain: number;
  /** Calls that are made more often for more keys, with the keys of each: `{ "sun.sun": 1 }`. They are not in `sources`. */
  readonly perKey?: Readonly<Record<string, number>>;
}
