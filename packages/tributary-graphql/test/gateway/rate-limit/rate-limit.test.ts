import { createClient } from "graphql-ws";
import { describe, expect, onTestFinished, test } from "vitest";
import { pathNames } from "../paths/support/three-paths.ts";
import { transports, webSocketUrl } from "../subscriptions/support/transports.ts";
import { limitedToy } from "./support/limited-toy.ts";
import { queryBody as body, json, requests } from "./support/requests.ts";

const headersOf = ({ headers, status }: Response) => ({
  status,
  policy: headers.get("ratelimit-policy"),
  limit: headers.get("ratelimit"),
  retryAfter: headers.get("retry-after"),
});

const runs = ({ a, set, items }: { a: number; set: number; items: number }) => a + set + items;

describe.each(pathNames)("on the path %s", (path) => {
  describe.each(requests)("%s", (_, send) => {
    test("is executed until the client's bucket is empty, and again when it has filled", async () => {
      const { url, calls, pass } = await limitedToy(path);
      for (const left of [2, 1, 0]) {
        const response = await send(url);
        expect(headersOf(response)).toEqual({
          status: 200,
          policy: '"cost";q=3;w=3',
          limit: `"cost";r=${left};t=${3 - left}`,
          retryAfter: null,
        });
        await response.text();
      }
      const before = runs(calls);
      const refused = await send(url);
      expect(headersOf(refused)).toEqual({
        status: 429,
        policy: '"cost";q=3;w=3',
        limit: '"cost";r=0;t=1',
        retryAfter: "1",
      });
      const text = await refused.text();
      expect(text).toContain('"code":"RATE_LIMITED"');
      expect(text).toContain('"retryAfter":1');
      expect(text).toContain("The rate limit is reached: this costs 1, and 0 of 3 are available. Try again in 1 s.");
      expect(runs(calls)).toBe(before);
      pass(1_000);
      const later = await send(url);
      expect(later.status).toBe(200);
      await later.text();
      expect(runs(calls)).toBeGreaterThan(before);
    });
  });

  test("a request that is refused by the rate limit costs nothing", async () => {
    const { url, pass } = await limitedToy(path);
    for (let time = 0; time < 20; time++) await fetch(url, { method: "POST", headers: json, body: body("{ a }") });
    pass(1_000);
    const response = await fetch(url, { method: "POST", headers: json, body: body("{ a }") });
    expect(response.status).toBe(200);
  });

  test.each([
    ["is not JSON", "{"],
    ["is not an object", "[]"],
    ["has a document that cannot be parsed", body("{")],
    ["has an invalid document", body("{ nothing }")],
    ["names no operation", JSON.stringify({ query: "{ a }", operationName: "B" })],
    ["is too large", " ".repeat(1_000_001)],
  ])("a request whose body %s costs more than one that is executed, and is then not parsed", async (_, text) => {
    const { url } = await limitedToy(path, { costPerMinute: 60, burst: 15 });
    const send = () => fetch(url, { method: "POST", headers: json, body: text });
    const limits: (string | null)[] = [];
    for (let time = 0; time < 3; time++) limits.push((await send()).headers.get("ratelimit"));
    expect(limits).toEqual(['"cost";r=5;t=10', '"cost";r=0;t=20', '"cost";r=0;t=6']);
    expect((await send()).status).toBe(429);
  });

  test("operations on a WebSocket are limited one by one, and the connection stays open", async () => {
    const { url, calls, pass } = await limitedToy(path);
    const client = createClient({ url: webSocketUrl(url), retryAttempts: 0, lazy: false });
    onTestFinished(() => void client.dispose());
    const ask = () =>
      new Promise<unknown>((resolve) => {
        client.subscribe({ query: "{ a }" }, { next: resolve, error: resolve, complete: () => undefined });
      });
    for (const a of [1, 2, 3]) expect(await ask()).toEqual({ data: { a } });
    expect(await ask()).toMatchObject([{ extensions: { code: "RATE_LIMITED", retryAfter: 1 } }]);
    expect(calls.a).toBe(3);
    pass(1_000);
    expect(await ask()).toEqual({ data: { a: 4 } });
  });

  test.each(transports)(
    "each event of a subscription over $name is charged, and one that is refused is not executed",
    async ({ subscribe }) => {
      const { url } = await limitedToy(path, { burst: 4 });
      const results = [];
      for await (const result of subscribe(url, "subscription { ticks }")) results.push(result);
      expect(results.map(({ data }) => data?.ticks)).toEqual([1, 2, 3, undefined, undefined]);
      expect(results[3]?.errors).toMatchObject([{ extensions: { code: "RATE_LIMITED", retryAfter: 1 } }]);
    },
  );

  test("without a rate limit there are no headers of it", async () => {
    const { url } = await limitedToy(path, {}, { rateLimit: undefined });
    const response = await fetch(url, { method: "POST", headers: json, body: body("{ a }") });
    expect(headersOf(response)).toEqual({ status: 200, policy: null, limit: null, retryAfter: null });
  });
});
