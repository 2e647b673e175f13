import type { Country } from "../datasources/country.ts";
import { builder } from "./builder.ts";

/** In a file of its own because city, airport and country refer to each other, and imports must not be circular. */
export const CountryType = builder.objectRef<Country>("Country");
