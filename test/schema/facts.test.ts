import { describe, expect, test } from "vitest";
import { useAtlas } from "../support/atlas.ts";

/** Facts from atlases and almanacs, not from the data or the code. */
describe("Atlas returns known facts", () => {
  const atlas = useAtlas();

  test("Germany borders nine countries, and its capital is Berlin", async () => {
    const { data } = await atlas.query<{ country: { capital: { name: string }; borders: { name: string }[] } }>(
      `{ country(code: "DE") { capital { name } borders { name } } }`,
    );
    expect(data.country.capital.name).toBe("Berlin");
    expect(data.country.borders.map(({ name }) => name).sort()).toEqual([
      "Austria",
      "Belgium",
      "Czechia",
      "Denmark",
      "France",
      "Luxembourg",
      "Netherlands",
      "Poland",
      "Switzerland",
    ]);
  });

  test("Japan's five largest cities are Tokyo, Yokohama, Osaka, Nagoya and Sapporo", async () => {
    const { data } = await atlas.query<{ country: { cities: { nodes: { name: string }[] } } }>(
      `{ country(code: "JPN") { cities(first: 5) { nodes { name } } } }`,
    );
    expect(data.country.cities.nodes.map(({ name }) => name)).toEqual([
      "Tokyo",
      "Yokohama",
      "Osaka",
      "Nagoya",
      "Sapporo",
    ]);
  });

  test("Charles de Gaulle Airport is at 49°00′36″N 2°32′53″E, 119 m above sea level, in France", async () => {
    const { data } = await atlas.query<{
      airport: { latitude: number; longitude: number; elevationM: number; country: { code3: string } };
    }>(`{ airport(iata: "cdg") { latitude longitude elevationM country { code3 } } }`);
    expect(data.airport.latitude).toBeCloseTo(49 + 0 / 60 + 36 / 3600, 1);
    expect(data.airport.longitude).toBeCloseTo(2 + 32 / 60 + 53 / 3600, 1);
    expect(data.airport.elevationM).toBe(119);
    expect(data.airport.country.code3).toBe("FRA");
  });

  test.each([
    ["Tromsø", "NO", "2026-06-21", 1440, 0],
    ["Tromsø", "NO", "2026-12-21", 0, 0],
    ["Quito", "EC", "2026-06-21", 12 * 60 + 8, 3],
    ["Berlin", "DE", "2026-06-21", 16 * 60 + 50, 3],
    ["Singapore", "SG", "2026-03-20", 12 * 60 + 7, 3],
  ])("the day in %s (%s) on %s has %i minutes from sunrise to sunset", async (name, code, date, minutes, tolerance) => {
    const { data } = await atlas.query<{
      country: {
        cities: { nodes: { sun: { dayLengthMinutes: number; sunrise: string | null; sunset: string | null } }[] };
      };
    }>(
      `query ($code: String!, $name: String!, $date: Date!) {
        country(code: $code) {
          cities(first: 1, where: { nameStartsWith: $name }) { nodes { sun(date: $date) { dayLengthMinutes sunrise sunset } } }
        }
      }`,
      { code, name, date },
    );
    const sun = data.country.cities.nodes[0]?.sun;
    expect(Math.abs((sun?.dayLengthMinutes ?? Number.NaN) - minutes)).toBeLessThanOrEqual(tolerance);
    const isPolar = minutes === 0 || minutes === 1440;
    expect([sun?.sunrise === null, sun?.sunset === null]).toEqual([isPolar, isPolar]);
  });

  test("a territory without capital and currency has null and an empty list, not an error", async () => {
    const { data, errors } = await atlas.query<Record<string, { capital: unknown; currencies: unknown[] }>>(
      `{ aq: country(code: "AQ") { capital { name } currencies { code } } bv: country(code: "BV") { capital { name } currencies { code } } }`,
    );
    expect(errors).toEqual([]);
    expect(data).toEqual({ aq: { capital: null, currencies: [] }, bv: { capital: null, currencies: [] } });
  });

  test.each([
    ["US", "Washington, D.C."],
    ["KZ", "Nur-Sultan"],
    ["PA", "Panamá"],
    ["SZ", "Mbabane"],
    ["ZA", "Pretoria"],
    ["YE", "Sanaa"],
    ["GD", "Saint George's"],
    ["CR", "San José"],
    ["IL", "Jerusalem"],
    ["EH", "Laayoune"],
    ["VA", "Vatican City"],
  ])("the capital of %s is found although the sources spell it differently: %s", async (code, name) => {
    const { data } = await atlas.query<{ country: { capital: { name: string; country: { code: string } } } }>(
      `query ($code: String!) { country(code: $code) { capital { name country { code } } } }`,
      { code },
    );
    expect(data.country.capital).toEqual({ name, country: { code } });
  });

  test.each([
    ["AS", "Pacific/Pago_Pago"],
    ["TL", "Asia/Dili"],
    ["PM", "America/Miquelon"],
    ["IN", "Asia/Kolkata"],
    ["WS", "Pacific/Apia"],
    ["KI", "Pacific/Tarawa"],
  ])("the capital of %s is in the time zone %s", async (code, timeZone) => {
    const { data } = await atlas.query<{ country: { capital: { timeZone: string } } }>(
      `query ($code: String!) { country(code: $code) { capital { timeZone } } }`,
      { code },
    );
    expect(data.country.capital.timeZone).toBe(timeZone);
  });

  test("all but seven countries and territories have a capital", async () => {
    const { data } = await atlas.query<{ countries: { nodes: { code: string; capital: unknown }[] } }>(
      `{ countries(first: 250) { nodes { code capital { name } } } }`,
    );
    expect(data.countries.nodes).toHaveLength(250);
    const without = data.countries.nodes.filter(({ capital }) => capital === null).map(({ code }) => code);
    expect(without.sort()).toEqual(["AQ", "BV", "HM", "IO", "MO", "TK", "UM"]);
  });

  test("the nearest airports of Matāʻutu include Suva's, some 760 km away across the date line", async () => {
    const { data } = await atlas.query<{
      country: { capital: { nearestAirports: { distanceKm: number; airport: { iata: string } }[] } };
    }>(
      `{ country(code: "WF") { capital { nearestAirports(first: 20, withinKm: 1000) { distanceKm airport { iata } } } } }`,
    );
    const { nearestAirports } = data.country.capital;
    const distances = nearestAirports.map(({ distanceKm }) => distanceKm);
    expect(distances).toEqual(distances.toSorted((a, b) => a - b));
    const suva = nearestAirports.find(({ airport }) => airport.iata === "SUV");
    expect(suva?.distanceKm).toBeGreaterThan(730);
    expect(suva?.distanceKm).toBeLessThan(790);
  });

  test("one euro is 655.957 CFA francs, as fixed by treaty; an unknown rate is null", async () => {
    const { data } = await atlas.query<{ currency: { xof: number; self: number; none: null } }>(
      `{ currency(code: "eur") { xof: rate(to: "xof") self: rate(to: "EUR") none: rate(to: "XXX") } }`,
    );
    expect(Math.abs(data.currency.xof / 655.957 - 1)).toBeLessThan(0.01);
    expect(data.currency.self).toBe(1);
    expect(data.currency.none).toBeNull();
  });
});
