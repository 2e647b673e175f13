import { createClient as createSseClient } from "graphql-sse";
import { createClient as createWsClient } from "graphql-ws";
import { pino } from "pino";
import { startFakeService } from "tributary-testing/fake-service.ts";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { createApp } from "../../atlas/app.ts";
import { loadConfig } from "../../config.ts";
import { useAtlasUrlIfAny } from "../support/databases.ts";

/** The rates of the service; if `isChanging`, the dollar changes with each poll. */
const rates = { EUR: 1, USD: 1.25, NOK: 11.5 };
let polls = 0;
let isChanging = false;
let url: string;

/** Serves Atlas with a fake rates service during the tests of this file. */
function useChangingRates(): void {
  const databaseUrl = useAtlasUrlIfAny("sqlite");
  const opened = new AsyncDisposableStack();
  beforeAll(async () => {
    const service = await startFakeService((_, response) => {
      polls += 1;
      const current = isChanging ? { ...rates, USD: rates.USD + polls / 100 } : rates;
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ base: "EUR", rates: current }));
    });
    opened.defer(() => service.close());
    const { url: RATES_URL } = service;
    const unused = { COUNTRIES_URL: RATES_URL, SUN_URL: RATES_URL };
    const settings = { DATABASE_URL: databaseUrl(), RATES_URL, ...unused, RATES_POLL_MS: "10", PORT: "0" };
    const config = loadConfig(settings);
    const app = createApp({ config, logger: pino({ level: "silent" }) });
    opened.defer(() => app.close());
    ({ url } = await app.gateway.listen(config));
    await app.open();
  });
  afterAll(() => opened.disposeAsync());
}

const query = `subscription { rateChanged(base: "eur", to: "USD") { base to rate previousRate at } }`;

type Changes = AsyncIterableIterator<{
  readonly data?: { readonly rateChanged: RateChanged };
  readonly errors?: unknown;
}>;

const clients = {
  "server-sent events": () => {
    const client = createSseClient({ url, retryAttempts: 0 });
    onTestFinished(() => client.dispose());
    return client.iterate({ query }) as Changes;
  },
  WebSocket: () => {
    const client = createWsClient({ url: url.replace("http:", "ws:"), retryAttempts: 0 });
    onTestFinished(() => void client.dispose());
    return client.iterate({ query }) as Changes;
  },
} as const;

interface RateChanged {
  readonly base: string;
  readonly to: string;
  readonly rate: number | null;
  readonly previousRate: number | null;
  readonly at: string;
}

describe("rateChanged", () => {
  useChangingRates();

  describe.each(Object.entries(clients))("over %s", (_, subscribe) => {
    test("sends the current rate, and each change with the previous rate", async () => {
      isChanging = true;
      const results = subscribe();
      const seen: RateChanged[] = [];
      for await (const { data, errors } of results) {
        expect(errors).toBeUndefined();
        if (data) seen.push(data.rateChanged);
        if (seen.length === 3) break;
      }
      const [first, second, third] = seen;
      expect(first).toMatchObject({ base: "EUR", to: "USD", rate: expect.any(Number), previousRate: null });
      expect(first?.at).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
      expect([second?.previousRate, third?.previousRate]).toEqual([first?.rate, second?.rate]);
      expect(second?.rate).not.toBe(first?.rate);
    });

    test("stops polling the rates service when the client has unsubscribed", async () => {
      isChanging = false;
      const results = subscribe();
      await results.next();
      await results.return?.();
      // A poll in flight may still arrive.
      await expect
        .poll(async () => {
          const before = polls;
          await new Promise((resolve) => setTimeout(resolve, 50));
          return polls - before;
        })
        .toBe(0);
    });
  });

  test("sends the rate of the same poll to subscribers on both transports", async () => {
    isChanging = true;
    const [sse, ws] = [clients["server-sent events"](), clients.WebSocket()];
    const rateOf = async (results: Changes) => (await results.next()).value?.data?.rateChanged;
    const byTime = new Map<string, Set<number | null>>();
    for (let round = 0; round < 3; round++) {
      for (const change of await Promise.all([rateOf(sse), rateOf(ws)])) {
        if (!change) throw new Error("The subscription has ended.");
        byTime.set(change.at, (byTime.get(change.at) ?? new Set()).add(change.rate));
      }
    }
    // Every poll returns another rate: with polls of their own, the subscribers would get different rates.
    expect([...byTime.values()].every(({ size }) => size === 1)).toBe(true);
    await Promise.all([sse.return?.(), ws.return?.()]);
  });

  test.each([
    ["base", `subscription { rateChanged(base: "euro", to: "USD") { rate } }`],
    ["to", `subscription { rateChanged(base: "EUR", to: "$") { rate } }`],
  ])("returns an error with the expected format for an invalid `%s`", async (argument, document) => {
    const client = createSseClient({ url, retryAttempts: 0 });
    onTestFinished(() => client.dispose());
    const { value } = await client.iterate({ query: document }).next();
    expect(value?.errors).toMatchObject([
      {
        message: expect.stringContaining(`${argument}: expected an ISO 4217 code`),
        extensions: { code: "BAD_USER_INPUT" },
      },
    ]);
  });
});
