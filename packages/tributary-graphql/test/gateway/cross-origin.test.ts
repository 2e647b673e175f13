import { type ToyOptions, toyGateway } from "tributary-testing/toy-gateway.ts";
import { describe, expect, test } from "vitest";

const app = "https://app.example.com";

const start = async (options: ToyOptions = { isProduction: true, corsOrigins: [app] }) => {
  const toy = toyGateway("type Query { a: Int }", { Query: { a: () => 1 } }, options);
  return { ...toy, ...(await toy.gateway.listen({ host: "127.0.0.1", port: 0 })) };
};

const post = (headers: Record<string, string>, body = '{"query":"{ a }"}') => ({
  method: "POST",
  headers: { "content-type": "application/json", ...headers },
  body,
});

/** Every kind of answer, on the fast path, on the path through Yoga and beside `/graphql`. */
const requests: readonly [string, string, (headers: Record<string, string>) => RequestInit, number][] = [
  ["a POST", "/graphql", (headers) => post(headers), 200],
  ["a GET", "/graphql?query={a}", (headers) => ({ headers }), 200],
  ["a stream", "/graphql?query={a}", (headers) => ({ headers: { accept: "text/event-stream", ...headers } }), 200],
  ["a body that is not JSON", "/graphql", (headers) => post(headers, "{"), 400],
  ["a body that is too large", "/graphql", (headers) => post(headers, " ".repeat(1_000_001)), 413],
  ["a body of another type", "/graphql", (headers) => post({ ...headers, "content-type": "text/plain" }), 415],
  [
    "an Accept that is not served",
    "/graphql?query={a}",
    (headers) => ({ headers: { accept: "image/png", ...headers } }),
    406,
  ],
  ["a method that is not served", "/graphql", (headers) => ({ method: "DELETE", headers }), 405],
  ["a page for people", "/graphql", (headers) => ({ headers: { accept: "text/html", ...headers } }), 200],
  ["health", "/health/live", (headers) => ({ headers }), 200],
  ["readiness", "/health/ready", (headers) => ({ headers }), 503],
  ["another path", "/nothing", (headers) => ({ headers }), 404],
];

describe.each(requests)("%s", (_, path, init, status) => {
  const readiness = { database: () => Promise.reject(new Error("down")) };

  test("can be read by a page of an origin that is named", async () => {
    const { port } = await start({ isProduction: true, corsOrigins: [app], readiness });
    const response = await fetch(`http://127.0.0.1:${port}${path}`, init({ origin: app }));
    await response.text();
    expect(response.status).toBe(status);
    expect(response.headers.get("access-control-allow-origin")).toBe(app);
    expect(response.headers.get("access-control-allow-credentials")).toBe("true");
  });

  test("tells caches that it depends on the origin, and says nothing to a page of another one or to none", async () => {
    const { port } = await start({ isProduction: true, corsOrigins: [app], readiness });
    const others: Record<string, string>[] = [{}, { origin: "https://other.example.com" }, { origin: "null" }];
    for (const headers of others) {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, init(headers));
      await response.text();
      // A query by GET, which needs no preflight, is not executed for a page that may not read its answer.
      const isRefused = "origin" in headers && path.startsWith("/graphql?");
      expect(response.status).toBe(isRefused ? 403 : status);
      expect(response.headers.get("vary")).toMatch(/\bOrigin\b/);
      expect(response.headers.get("x-content-type-options")).toBe("nosniff");
      expect([...response.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
    }
  });
});

describe("the line of an origin that is not named", () => {
  const linesOf = ({ lines }: { lines: readonly object[] }) =>
    lines.filter((line) => "msg" in line && String(line.msg).includes("CORS_ORIGINS does not name"));

  test("comes once, however often and by whichever way its pages ask", async () => {
    const toy = await start();
    for (let time = 0; time < 5; time++) {
      await (await fetch(toy.url, post({ origin: "https://other.example.com" }))).text();
      await (await fetch(`${toy.url}?query={a}`, { headers: { origin: "https://other.example.com" } })).text();
    }
    expect(linesOf(toy)).toMatchObject([{ origin: "https://other.example.com", host: `127.0.0.1:${toy.port}` }]);
  });

  test("comes for a hundred origins at most, and is short", async () => {
    const toy = await start();
    for (let at = 0; at < 150; at++) {
      await (await fetch(toy.url, post({ origin: `https://${at}.${"x".repeat(5_000)}.example.com` }))).text();
    }
    expect(linesOf(toy)).toHaveLength(100);
    expect(JSON.stringify(linesOf(toy)).length).toBeLessThan(60_000);
  });
});
