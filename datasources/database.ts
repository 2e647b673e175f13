/** The tables of the Atlas database, as Kysely types. `atlas/database/` creates and fills them. */
export interface AtlasDatabase {
  city: CityTable;
  airport: AirportTable;
  search_term: SearchTermTable;
}

export interface CityTable {
  /** GeoNames id. */
  id: number;
  name: string;
  /** `nameKey(name)`: what names are compared and ordered by, the same on every database. */
  name_key: string;
  /** ISO 3166-1 alpha-2, upper case. */
  country_code: string;
  /** 0 where the source knows none. */
  population: number;
  /** Degrees, north positive. */
  latitude: number;
  /** Degrees, east positive. */
  longitude: number;
  /** IANA name, `Europe/Berlin`. */
  time_zone: string;
  /** GeoNames feature code; `PPLC` is the capital of a country. */
  feature_code: string;
}

export interface AirportTable {
  /** OurAirports id. */
  id: number;
  /** Upper case; null for an airfield without one. Unique. */
  iata: string | null;
  name: string;
  name_key: string;
  country_code: string;
  /** 1 for a large airport, 2 for a medium one. */
  size_rank: number;
  latitude: number;
  longitude: number;
  /** The place as a point on the unit sphere: a box around it needs no rule for the date line or the poles. */
  x: number;
  y: number;
  z: number;
  elevation_m: number | null;
  municipality: string | null;
}

/** One row a word by which a place is found: a search is a range over `term`, and so an index. */
export interface SearchTermTable {
  /** A word of the name key; for an airport also its IATA code in lower case, and a word of its municipality. */
  term: string;
  kind: "city" | "airport";
  /** `city.id` or `airport.id`. */
  ref_id: number;
  /** The text that a search is compared with as a whole: the name key, or in the row of an airport's code that code. */
  name_key: string;
  /** All the words by which the place is found, blanks between them: where the other words of a search are looked for. */
  words: string;
  /** The rank among equals: a city's population, or an airport's size (large above medium). */
  weight: number;
}
