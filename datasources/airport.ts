export interface Airport {
  readonly kind: "airport";
  /** Id of OurAirports. */
  readonly id: number;
  readonly iata: string;
  readonly name: string;
  /** 1 for a large airport, 2 for a medium one. */
  readonly sizeRank: number;
  readonly latitude: number;
  readonly longitude: number;
  readonly elevationM: number | null;
  readonly municipality: string | null;
  /** Alpha-2. */
  readonly countryCode: string;
}

/** The properties of an airport to read; undefined for all. The others must not be used. */
export type AirportProperties = readonly (keyof Airport)[] | undefined;
