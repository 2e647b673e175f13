/** The page sizes that the schema documents and the datasources enforce. */
export { maxAirportsPerPage } from "../datasources/airport-reads.ts";
export { maxCitiesPerPage } from "../datasources/city.ts";
export { maxCountriesPerPage } from "../datasources/country.ts";
