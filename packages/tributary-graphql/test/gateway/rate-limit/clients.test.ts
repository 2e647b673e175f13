import { createClient } from "graphql-ws";
import { describe, expect, onTestFinished, test } from "vitest";
import WebSocket from "ws";
import { clientNetwork } from "../../../src/gateway/http/client-network.ts";
import { pathNames } from "../paths/support/three-paths.ts";
import { webSocketUrl } from "../subscriptions/support/transports.ts";
import { limitedToy } from "./support/limited-toy.ts";

const statusOf = async (url: string, headers: Readonly<Record<string, string>> = {}): Promise<number> => {
  const body = JSON.stringify({ query: "{ a }" });
  const all = { "content-type": "application/json", accept: "application/json", ...headers };
  const response = await fetch(url, { method: "POST", headers: all, body });
  await response.arrayBuffer();
  return response.status;
};

describe.each(pathNames)("on the path %s", (path) => {
  test("clients without an identity have a bucket per address; no header that they send changes it", async () => {
    const { url } = await limitedToy(path, { burst: 1 });
    expect(await statusOf(url)).toBe(200);
    for (const name of ["x-forwarded-for", "authorization", "x-real-ip", "forwarded", "cookie", "x-client-id"]) {
      expect([name, await statusOf(url, { [name]: "192.0.2.7" })]).toEqual([name, 429]);
    }
  });

  test("behind a trusted proxy the address is the one that the proxy saw, not one that the client claims", async () => {
    const { url } = await limitedToy(path, { burst: 1 }, { trustedProxies: ["127.0.0.1"] });
    const from = (forwarded: string) => statusOf(url, { "x-forwarded-for": forwarded });
    expect(await from("192.0.2.7")).toBe(200);
    expect(await from("192.0.2.8")).toBe(200);
    expect(await from("192.0.2.7")).toBe(429);
    expect(await from("192.0.2.99, 192.0.2.7")).toBe(429);
    expect(await from("::ffff:192.0.2.7")).toBe(429);
  });

  test("the addresses of one IPv6 network of 64 bits are one client", async () => {
    const { url } = await limitedToy(path, { burst: 1 }, { trustedProxies: ["127.0.0.1"] });
    const from = (forwarded: string) => statusOf(url, { "x-forwarded-for": forwarded });
    expect(await from("2001:db8::1")).toBe(200);
    expect(await from("2001:DB8:0:0:ffff::2")).toBe(429);
    expect(await from("2001:0db8:0000:0000:1:2:3:4")).toBe(429);
    expect(await from("2001:db8:0:1::1")).toBe(200);
  });

  test("an identity has one bucket at every address, and an identity that looks like an address has its own", async () => {
    const { url } = await limitedToy(
      path,
      { burst: 1, identify: ({ headers }) => headers.get("x-verified") ?? undefined },
      { trustedProxies: ["127.0.0.1"], headers: ["x-verified"] },
    );
    const as = (identity: string, forwarded: string) =>
      statusOf(url, { "x-verified": identity, "x-forwarded-for": forwarded });
    expect(await as("ann", "192.0.2.7")).toBe(200);
    expect(await as("ann", "192.0.2.8")).toBe(429);
    expect(await as("ben", "192.0.2.7")).toBe(200);
    expect(await as("192.0.2.7", "192.0.2.9")).toBe(200);
    expect(await statusOf(url, { "x-forwarded-for": "192.0.2.7" })).toBe(200);
    const long = "x".repeat(5_000);
    expect(await as(long, "192.0.2.7")).toBe(200);
    expect(await as(long, "192.0.2.8")).toBe(429);
  });

  test("a request whose identity cannot be found is refused, masked, and runs no resolver", async () => {
    const { url, calls } = await limitedToy(path, {
      identify() {
        throw new Error("secret");
      },
    });
    const body = JSON.stringify({ query: "{ a }" });
    const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
    const text = await response.text();
    expect([response.status, text]).toEqual([500, expect.stringContaining("INTERNAL_SERVER_ERROR")]);
    expect(text).not.toContain("secret");
    expect(calls.a).toBe(0);
  });

  test("a WebSocket belongs to the client that opened it", async () => {
    const { url } = await limitedToy(path, { burst: 1 }, { trustedProxies: ["127.0.0.1"] });
    const ask = (forwarded: string) => {
      class Forwarded extends WebSocket {
        constructor(address: string, protocols: string | string[]) {
          super(address, protocols, { headers: { "x-forwarded-for": forwarded } });
        }
      }
      const client = createClient({ url: webSocketUrl(url), retryAttempts: 0, webSocketImpl: Forwarded });
      onTestFinished(() => void client.dispose());
      return new Promise<unknown>((resolve) => {
        client.subscribe({ query: "{ a }" }, { next: resolve, error: resolve, complete: () => undefined });
      });
    };
    expect(await ask("192.0.2.7")).toEqual({ data: { a: 1 } });
    expect(await ask("192.0.2.7")).toMatchObject([{ extensions: { code: "RATE_LIMITED" } }]);
    expect(await ask("192.0.2.8")).toEqual({ data: { a: 2 } });
    expect(await statusOf(url, { "x-forwarded-for": "192.0.2.8" })).toBe(429);
  });

  test("requests of gateway.fetch, which have no address, share a bucket", async () => {
    const { toy } = await limitedToy(path, { burst: 2 });
    expect((await toy.post("{ a }")).status).toBe(200);
    expect((await toy.post("{ a }")).status).toBe(200);
    expect((await toy.post("{ a }")).status).toBe(429);
  });
});

test.each([
  ["192.0.2.1", "192.0.2.1"],
  ["::ffff:192.0.2.1", "192.0.2.1"],
  ["::FFFF:c000:201", "192.0.2.1"],
  ["2001:db8::1", "2001:db8:0:0"],
  ["::1", "0:0:0:0"],
  ["fe80::1%eth0", "fe80:0:0:0"],
  ["2001:0DB8:0a:0:1:2:3:4", "2001:db8:a:0"],
])("the address %s is counted as %s", (address, network) => {
  expect(clientNetwork(address)).toBe(network);
});

test.each([
  [{ costPerMinute: 0 }, "rateLimit.costPerMinute: expected a number above 0, got 0."],
  [{ costPerMinute: Number.NaN }, "rateLimit.costPerMinute: expected a number above 0, got NaN."],
  [{ costPerMinute: 60, burst: 0.5 }, "rateLimit.burst: expected 1 or more, got 0.5."],
])("a rate limit that is out of its range stops the start", async (rateLimit, message) => {
  await expect(limitedToy("fast", rateLimit)).rejects.toThrow(new RangeError(message));
});
