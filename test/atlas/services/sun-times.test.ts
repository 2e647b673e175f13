import { expect, test } from "vitest";
import { sunTimesOf } from "../../../atlas/services/sun-times.ts";

const tromso = { latitude: 69.65, longitude: 18.96, timeZone: "Europe/Oslo" };
const london = { latitude: 51.5, longitude: -0.12, timeZone: "Europe/London" };
const quito = { latitude: -0.22, longitude: -78.52, timeZone: "America/Guayaquil" };

const minutesApart = (instant: string | null | undefined, expected: string): number =>
  Math.abs(Date.parse(instant ?? "") - Date.parse(expected)) / 60_000;

test("in London on June 21 the sun rises at 03:43 and sets at 20:21 UTC", () => {
  const sun = sunTimesOf({ ...london, date: "2026-06-21" });
  expect(minutesApart(sun?.sunrise, "2026-06-21T03:43Z")).toBeLessThan(3);
  expect(minutesApart(sun?.sunset, "2026-06-21T20:21Z")).toBeLessThan(3);
});

test("Tromsø has polar day on June 21 and polar night on December 21", () => {
  expect(sunTimesOf({ ...tromso, date: "2026-06-21" })).toMatchObject({
    sunrise: null,
    sunset: null,
    dayLengthMinutes: 1440,
  });
  expect(sunTimesOf({ ...tromso, date: "2026-12-21" })).toMatchObject({
    sunrise: null,
    sunset: null,
    dayLengthMinutes: 0,
  });
});

test("the day in Quito has 12 hours and 7 minutes all year, within two minutes", () => {
  for (const date of ["2026-03-20", "2026-06-21", "2026-09-23", "2026-12-21"]) {
    const minutes = sunTimesOf({ ...quito, date })?.dayLengthMinutes ?? 0;
    expect(Math.abs(minutes - 727)).toBeLessThanOrEqual(2);
  }
});

test("the day at the equinox has about 12 hours everywhere", () => {
  for (const location of [tromso, london, quito]) {
    const minutes = sunTimesOf({ ...location, date: "2026-03-20" })?.dayLengthMinutes ?? 0;
    expect(Math.abs(minutes - 720)).toBeLessThanOrEqual(20);
  }
});

test.each([
  ["Kiritimati, 14 hours ahead", 1.87, -157.4, "Pacific/Kiritimati", "2026-06-20T22:31Z"],
  ["Apia, 13 hours ahead", -13.83, -171.76, "Pacific/Apia", "2026-06-20T23:29Z"],
  ["Adak, 9 hours behind in summer", 51.88, -176.66, "America/Adak", "2026-06-21T23:48Z"],
  [
    "Attu, west of the 180th meridian on America's side of the date line",
    52.9,
    172.9,
    "America/Adak",
    "2026-06-22T00:30Z",
  ],
  ["Auckland, 12 hours ahead", -36.85, 174.76, "Pacific/Auckland", "2026-06-21T00:23Z"],
  ["Pago Pago, 11 hours behind", -14.28, -170.7, "Pacific/Pago_Pago", "2026-06-21T23:25Z"],
])("the date is local in %s", (_name, latitude, longitude, timeZone, noon) => {
  const sun = sunTimesOf({ latitude, longitude, timeZone, date: "2026-06-21" });
  expect(minutesApart(sun?.solarNoon, noon)).toBeLessThan(3);
});

test("a date that the time zone skipped is undefined", () => {
  const apia = { latitude: -13.83, longitude: -171.76, timeZone: "Pacific/Apia" };
  expect(sunTimesOf({ ...apia, date: "2011-12-30" })).toBeUndefined();
  expect(sunTimesOf({ ...apia, date: "2011-12-29" })).toBeDefined();
});

test.each([
  ["the first day of Tromsø's and Finnmark's polar day", 69.5, "2026-05-18", 1440],
  ["the equinox near the pole, in spring", 88.75, "2026-03-21", 0],
  ["the equinox near the pole, in autumn", 89.25, "2026-09-23", 1440],
])("%s counts as polar day or night", (_title, latitude, date, dayLengthMinutes) => {
  const sun = sunTimesOf({ latitude, longitude: 20, date, timeZone: "Europe/Oslo" });
  expect(sun).toMatchObject({ sunrise: null, sunset: null, dayLengthMinutes });
});
