import type { RequestListener } from "node:http";
import { startFakeService } from "tributary-testing/fake-service.ts";
import { afterAll, describe, expect, test } from "vitest";
import { useAtlas } from "../support/atlas.ts";

const countryPage = `{ country(code: "FR") { name capital { name sun(date: "2026-06-21") { sunrise } } currencies { code rate(to: "USD") } } }`;

const available = { country: { name: "France", capital: { name: "Paris" }, currencies: [{ code: "EUR" }] } };

describe.each<[string, RequestListener, string, RegExp]>([
  [
    "responds with an error",
    (_request, response) => void response.writeHead(503).end(),
    "UPSTREAM_UNAVAILABLE",
    /status 503/,
  ],
  ["closes the connection", (request) => void request.socket.destroy(), "UPSTREAM_UNAVAILABLE", /cannot be reached/],
  [
    "sends a body that is not JSON",
    (_request, response) => void response.end("<html>"),
    "UPSTREAM_INVALID_RESPONSE",
    /not JSON/,
  ],
  ["sends JSON of another shape", (_request, response) => void response.end("{}"), "UPSTREAM_INVALID_RESPONSE", /at /],
])("when a service %s", async (_name, listener, code, message) => {
  const fake = await startFakeService(listener);
  afterAll(fake.close);
  const atlas = useAtlas("sqlite", { environment: { SUN_URL: fake.url, RATES_URL: fake.url } });

  test("its fields are null with an error that names the service, and the other fields have data", async () => {
    const { data, errors, calls } = await atlas.query<typeof available>(countryPage);
    expect(data).toMatchObject(available);
    expect(data).toMatchObject({ country: { capital: { sun: null }, currencies: [{ rate: null }] } });
    expect(errors).toHaveLength(2);
    expect(errors).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          path: ["country", "capital", "sun"],
          message: expect.stringMatching(message),
          extensions: { code, source: "sun" },
        }),
        expect.objectContaining({ path: ["country", "currencies", 0, "rate"], extensions: { code, source: "rates" } }),
      ]),
    );
    expect(
      calls
        .filter(({ failed }) => failed)
        .map(({ source }) => source)
        .sort(),
    ).toEqual(["rates", "sun"]);
  });
});

describe("when the countries service is down", async () => {
  const broken = await startFakeService((_request, response) => void response.writeHead(503).end());
  afterAll(broken.close);
  const atlas = useAtlas("sqlite", { environment: { COUNTRIES_URL: broken.url } });

  test("fields of the database have data, and each field `country` is null with an error", async () => {
    const { data, errors } = await atlas.query(`{
      cities(first: 2) { nodes { name country { name } } }
      airport(iata: "CDG") { iata country { name } }
      countries { totalCount }
      search(text: "berlin") { __typename }
    }`);
    expect(data).toEqual({
      cities: {
        nodes: [
          { name: "Shanghai", country: null },
          { name: "Istanbul", country: null },
        ],
      },
      airport: { iata: "CDG", country: null },
      countries: { totalCount: null },
      search: null,
    });
    expect(errors).toHaveLength(5);
    for (const { extensions } of errors)
      expect(extensions).toEqual({ code: "UPSTREAM_UNAVAILABLE", source: "countries" });
  });
});

describe("when a service does not respond", async () => {
  const silent = await startFakeService(() => {});
  afterAll(silent.close);
  const atlas = useAtlas("sqlite", { environment: { SUN_URL: silent.url, REQUEST_TIMEOUT_MS: "1500" } });

  test("its field is null at the deadline, and the other fields have data", async () => {
    const { data, errors } = await atlas.query(`{ country(code: "FR") { name capital { name sun { sunrise } } } }`);
    expect(data).toEqual({ country: { name: "France", capital: { name: "Paris", sun: null } } });
    expect(errors).toEqual([
      expect.objectContaining({
        path: ["country", "capital", "sun"],
        extensions: { code: "DEADLINE_EXCEEDED", source: "sun" },
      }),
    ]);
  });
});
