import type { Country } from "world-countries";

/** One country as `world-countries` has it, once corrected: what the package leaves blank or marks with -1 is null. */
export interface CountryRow extends Omit<Country, "area" | "subregion"> {
  /** Square kilometres. */
  area: number | null;
  /** UN subregion; null in the region `Antarctic`, which has none. */
  subregion: string | null;
}

/** Something in the data that cannot be right as it stands, or that a person has to judge. */
export interface Finding {
  readonly check: string;
  /** Its subject: an alpha-2 code, a currency code or a language code. */
  readonly subject: string;
  readonly detail: string;
}

/** A change to one value of one country, decided by a person. */
export interface Correction {
  /** Alpha-2. */
  readonly country: string;
  /** Path to the value: `area`, `currencies.GBP`. */
  readonly path: string;
  /** The value in the package. Any other one stops the service: the package has changed, so decide again. */
  readonly from: unknown;
  readonly to: unknown;
  readonly reason: string;
}

/** A finding that stays as it is, decided by a person. */
export interface Acceptance {
  readonly check: string;
  readonly subject: string;
  readonly reason: string;
}
