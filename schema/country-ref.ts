import type { Country } from "../datasources/country.ts";
import { builder } from "./builder.ts";

/** Cities and airports lie in countries, and countries have both: the reference stands apart so that all can import it. */
export const CountryType = builder.objectRef<Country>("Country");
