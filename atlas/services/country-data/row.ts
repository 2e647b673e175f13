import type { Country } from "world-countries";

/** A corrected country of `world-countries`: unknown values, empty or -1 in the package, are null. */
export interface CountryRow extends Omit<Country, "area" | "subregion"> {
  /** Square kilometers. */
  area: number | null;
  /** Subregion of the United Nations; null in the region `Antarctic`. */
  subregion: string | null;
}

/** An error, or a possible error, in the data. */
export interface Finding {
  readonly check: string;
  /** An alpha-2 code, a currency code or a language code. */
  readonly subject: string;
  readonly detail: string;
}

/** A reviewed change of a value. */
export interface Correction {
  /** Alpha-2. */
  readonly country: string;
  /** The path of the value, such as `area` or `currencies.GBP`. */
  readonly path: string;
  /** The value in the package. With another value the service does not start: the correction needs a new review. */
  readonly from: unknown;
  readonly to: unknown;
  readonly reason: string;
}

/** A reviewed finding that is not corrected. */
export interface Acceptance {
  readonly check: string;
  readonly subject: string;
  readonly reason: string;
}
