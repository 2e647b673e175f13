import { toAirportRow, toCityRow, toSearchTerms } from "../../../atlas/database/rows.ts";
import type { SeedRows } from "../../../atlas/database/seed.ts";

export const fewCities = 6_000;

/** Enough cities for two statements, few enough to be inserted fast. */
export async function fewRows(): Promise<SeedRows> {
  const city = Array.from({ length: fewCities }, (_, index) =>
    toCityRow(
      {
        cityId: index + 1,
        name: `Town ${index}`,
        country: "DE",
        featureCode: "PPL",
        population: index,
        loc: { coordinates: [10 + index / fewCities, 50] },
      },
      () => "Europe/Berlin",
    ),
  );
  const airport = toAirportRow({
    id: "1",
    type: "large_airport",
    name: "Town Airport",
    latitude_deg: "50",
    longitude_deg: "10",
    elevation_ft: "",
    iso_country: "DE",
    municipality: "",
    iata_code: "TWN",
  });
  return { city, airport: [airport], search_term: toSearchTerms(city, [airport]) };
}
