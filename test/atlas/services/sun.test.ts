import { once } from "node:events";
import { serving } from "tributary-testing/serving.ts";
import { expect, test } from "vitest";
import { createSunServer } from "../../../atlas/services/sun.ts";

const berlin = "lat=52.52&lng=13.4&date=2026-06-21&tzid=Europe/Berlin";

test("a location and a date give the times of the sun in UTC", async () => {
  await using service = await serving(createSunServer({ latencyMs: 0 }));
  const response = await fetch(`${service.url}/sun?${berlin}`);
  const instant = expect.stringMatching(/^2026-06-21T\d\d:\d\d:\d\d\.\d{3}Z$/);
  expect(await response.json()).toEqual({
    sunrise: instant,
    sunset: instant,
    solarNoon: instant,
    dayLengthMinutes: expect.closeTo(1010, -1),
    dawn: instant,
    dusk: instant,
  });
});

test.each([
  ["", "lat: expected degrees from -90 to 90, got nothing"],
  ["lat=north&lng=0", 'lat: expected degrees from -90 to 90, got "north"'],
  ["lat=90.1&lng=0", 'lat: expected degrees from -90 to 90, got "90.1"'],
  ["lat=0&lng=-181", 'lng: expected degrees from -180 to 180, got "-181"'],
  ["lat=0&lng=", 'lng: expected degrees from -180 to 180, got ""'],
  ["lat=0&lng=0&date=2026-02-30", 'date: expected a date from 1900 to 2150 as YYYY-MM-DD, got "2026-02-30"'],
  ["lat=0&lng=0&date=2026-13-01", 'date: expected a date from 1900 to 2150 as YYYY-MM-DD, got "2026-13-01"'],
  ["lat=0&lng=0&date=1899-12-31", 'date: expected a date from 1900 to 2150 as YYYY-MM-DD, got "1899-12-31"'],
  ["lat=0&lng=0&date=2026-01-01", "tzid: expected an IANA time zone such as Europe/Berlin, got nothing"],
  ["lat=0&lng=0&date=2026-01-01&tzid=Mars", 'tzid: expected an IANA time zone such as Europe/Berlin, got "Mars"'],
  [
    "lat=-13.8&lng=-171.8&date=2011-12-30&tzid=Pacific/Apia",
    'date: expected a date with a solar noon at this location in Pacific/Apia, got "2011-12-30"',
  ],
])("the query ?%s is 400 with the expected and the actual value", async (query, error) => {
  await using service = await serving(createSunServer({ latencyMs: 0 }));
  const response = await fetch(`${service.url}/sun?${query}`);
  expect([response.status, await response.json()]).toEqual([400, { error }]);
});

test("other methods are 405 and unknown paths 404, also the path //", async () => {
  await using service = await serving(createSunServer({ latencyMs: 0 }));
  expect((await fetch(`${service.url}/sun?${berlin}`, { method: "POST", body: "{}" })).status).toBe(405);
  expect((await fetch(`${service.url}//`)).status).toBe(404);
  expect((await fetch(`${service.url}/sun?${berlin}`)).status).toBe(200);
});

test("each response has the configured latency", async () => {
  await using service = await serving(createSunServer({ latencyMs: 60 }));
  const start = performance.now();
  await fetch(`${service.url}/sun?${berlin}`);
  // Timers may fire up to a millisecond early.
  expect(performance.now() - start).toBeGreaterThanOrEqual(59);
});

test("the service stops waiting when the client disconnects", async () => {
  const disconnected = Promise.withResolvers<void>();
  const anHourMs = 3_600_000;
  const server = createSunServer({ latencyMs: anHourMs, onDisconnect: disconnected.resolve });
  await using service = await serving(server);
  const client = new AbortController();
  const response = fetch(`${service.url}/sun?${berlin}`, { signal: client.signal });
  const aborted = expect(response).rejects.toThrow("aborted");
  await once(server, "request");
  client.abort();
  await aborted;
  await disconnected.promise;
});
