/** The tables of the Atlas database for Kysely. `atlas/database/` creates and fills them. */
export interface AtlasDatabase {
  city: CityTable;
  airport: AirportTable;
  search_term: SearchTermTable;
}

export interface CityTable {
  /** GeoNames id. */
  id: number;
  name: string;
  /** `nameKey(name)`: the key for comparison and order, independent of the collations of databases. */
  name_key: string;
  /** ISO 3166-1 alpha-2, upper case. */
  country_code: string;
  /** 0 if unknown. */
  population: number;
  /** Degrees, north positive. */
  latitude: number;
  /** Degrees, east positive. */
  longitude: number;
  /** IANA name, such as `Europe/Berlin`. */
  time_zone: string;
  /** Feature code of GeoNames; `PPLC` is the capital of a country. */
  feature_code: string;
}

export interface AirportTable {
  /** OurAirports id. */
  id: number;
  /** Upper case, unique; null for an airfield without IATA code. */
  iata: string | null;
  name: string;
  name_key: string;
  country_code: string;
  /** 1 for a large airport, 2 for a medium one. */
  size_rank: number;
  latitude: number;
  longitude: number;
  /** The location as a unit vector: a box around it needs no special case for the date line and the poles. */
  x: number;
  y: number;
  z: number;
  elevation_m: number | null;
  municipality: string | null;
}

/** One row per search word of a city or an airport: a prefix search is a range of the index on `term`. */
export interface SearchTermTable {
  /** A word of the name key; for an airport also its IATA code in lower case, and a word of its municipality. */
  term: string;
  kind: "city" | "airport";
  /** `city.id` or `airport.id`. */
  ref_id: number;
  /** The text to compare the whole search text with: the name key, or the IATA code in the row of the code. */
  name_key: string;
  /** All search words of the city or airport, separated by spaces; matched against the other words of the search text. */
  words: string;
  /** Order of equally good matches, largest first: the population of a city, or a rank by the size of an airport. */
  weight: number;
}
