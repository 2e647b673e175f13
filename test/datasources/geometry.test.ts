import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chordOf, distanceKm, unitVector } from "../../datasources/geometry.ts";

const place = fc.record({
  latitude: fc.double({ min: -90, max: 90, noNaN: true }),
  longitude: fc.double({ min: -180, max: 180, noNaN: true }),
});

describe("distances on the earth", () => {
  // Great-circle distances as airlines publish them.
  test.each([
    ["Paris to New York", { latitude: 49.0128, longitude: 2.55 }, { latitude: 40.6398, longitude: -73.7789 }, 5837],
    [
      "one degree of the equator, across the date line",
      { latitude: 0, longitude: 179.5 },
      { latitude: 0, longitude: -179.5 },
      111.2,
    ],
    [
      "pole to equator, a quarter of the way around",
      { latitude: 90, longitude: 0 },
      { latitude: 0, longitude: 57 },
      10_008,
    ],
  ])("%s", (_name, from, to, expectedKm) => {
    expect(Math.abs(distanceKm(from, to) - expectedKm) / expectedKm).toBeLessThan(0.005);
  });

  test("what is within a distance is within the box of that distance, also at the poles and the date line", () => {
    fc.assert(
      fc.property(place, place, fc.double({ min: 1, max: 20_000, noNaN: true }), (a, b, km) => {
        fc.pre(distanceKm(a, b) <= km);
        const [from, to] = [unitVector(a), unitVector(b)];
        const reach = chordOf(km) + 1e-9;
        expect(Math.max(Math.abs(from.x - to.x), Math.abs(from.y - to.y), Math.abs(from.z - to.z))).toBeLessThanOrEqual(
          reach,
        );
      }),
    );
  });
});
