import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chordLength, distanceKm, unitVector } from "../../datasources/geometry.ts";

const coordinates = fc.record({
  latitude: fc.double({ min: -90, max: 90, noNaN: true }),
  longitude: fc.double({ min: -180, max: 180, noNaN: true }),
});

describe("distanceKm", () => {
  // Published great-circle distances.
  test.each([
    [
      "from Paris to New York",
      { latitude: 49.0128, longitude: 2.55 },
      { latitude: 40.6398, longitude: -73.7789 },
      5837,
    ],
    [
      "of one degree of longitude on the equator, across the date line",
      { latitude: 0, longitude: 179.5 },
      { latitude: 0, longitude: -179.5 },
      111.2,
    ],
    ["from the pole to the equator", { latitude: 90, longitude: 0 }, { latitude: 0, longitude: 57 }, 10_008],
  ])("returns the great-circle distance %s", (_name, from, to, expectedKm) => {
    expect(Math.abs(distanceKm(from, to) - expectedKm) / expectedKm).toBeLessThan(0.005);
  });

  test("locations within a distance differ by at most its chord length on each axis, including at poles and date line", () => {
    fc.assert(
      fc.property(coordinates, coordinates, fc.double({ min: 1, max: 20_000, noNaN: true }), (a, b, km) => {
        fc.pre(distanceKm(a, b) <= km);
        const [from, to] = [unitVector(a), unitVector(b)];
        const chord = chordLength(km) + 1e-9;
        expect(Math.max(Math.abs(from.x - to.x), Math.abs(from.y - to.y), Math.abs(from.z - to.z))).toBeLessThanOrEqual(
          chord,
        );
      }),
    );
  });
});
