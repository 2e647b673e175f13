import { type ToyOptions, toyGateway } from "tributary-testing/toy-gateway.ts";
import { describe, expect, test } from "vitest";
import { pathNames, pathOptions } from "../paths/support/three-paths.ts";
import { expectPrometheusText } from "./support/figures.ts";

const token = "0123456789abcdef";

async function start(options: ToyOptions = {}) {
  const toy = toyGateway("type Query { a: Int }", { Query: { a: () => 1 } }, options);
  const { url } = await toy.gateway.listen({ port: 0 });
  const metricsUrl = new URL("/metrics", url);
  return { ...toy, url, read: (init: RequestInit = {}) => fetch(metricsUrl, init) };
}

const bearer = (text: string): RequestInit => ({ headers: { authorization: `Bearer ${text}` } });

describe("/metrics", () => {
  test.each(pathNames)(
    "outside production has the figures of the gateway and its process, on the path %s",
    async (path) => {
      const { read } = await start(pathOptions[path]);
      const response = await read();
      expect(response.status).toBe(200);
      expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
      expect(response.headers.get("cache-control")).toBe("no-store");
      expect(response.headers.get("x-content-type-options")).toBe("nosniff");
      const text = await response.text();
      expectPrometheusText(text);
      for (const name of ["tributary_requests_total", "process_cpu_seconds_total", "nodejs_eventloop_lag_p99_seconds"])
        expect(text).toContain(`\n# TYPE ${name} `);
    },
  );

  test("in production is closed, as a path that is not there", async () => {
    const { read } = await start({ isProduction: true });
    const response = await read();
    expect(response.status).toBe(404);
    expect(await response.text()).not.toContain("metrics");
  });

  test.each([true, false])("with a token answers only requests that bring it, production: %s", async (isProduction) => {
    const { read } = await start({ isProduction, metrics: { token } });
    const wrong = ["", "0", `${token}0`, token.slice(1), token.toUpperCase(), "0".repeat(100_00)];
    for (const init of [{}, ...wrong.map(bearer), { headers: { authorization: `Basic ${token}` } }]) {
      const response = await read(init);
      expect(response.status).toBe(401);
      expect(response.headers.get("www-authenticate")).toBe("Bearer");
      expect(await response.text()).not.toContain("tributary_requests_total");
    }
    expect((await read(bearer(token))).status).toBe(200);
    expect((await read({ method: "HEAD" })).status).toBe(401);
  });

  test("in production can be served without a token where the app says so", async () => {
    const { read } = await start({ isProduction: true, metrics: { isServed: true } });
    expect((await read()).status).toBe(200);
  });

  test("can be closed outside production", async () => {
    const { read } = await start({ metrics: { isServed: false } });
    expect((await read()).status).toBe(404);
  });

  test("HEAD has the headers alone", async () => {
    const { read } = await start();
    const response = await read({ method: "HEAD" });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(await response.text()).toBe("");
  });

  test("OPTIONS names the methods, and no page of another origin reads it", async () => {
    const { read } = await start();
    const preflight = await read({
      method: "OPTIONS",
      headers: { origin: "https://other.example", "access-control-request-method": "GET" },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("allow")).toBe("GET, HEAD, OPTIONS");
    const crossOrigin = await read({ headers: { origin: "https://other.example" } });
    for (const { headers } of [preflight, crossOrigin]) expect(headers.get("access-control-allow-origin")).toBeNull();
  });

  test.each(["POST", "PUT", "DELETE", "PATCH"])("%s is not allowed", async (method) => {
    const { read } = await start();
    const response = await read({ method, ...(method !== "DELETE" && { body: "x" }) });
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("GET, HEAD, OPTIONS");
  });

  test("of a plugin comes before the gateway's own", async () => {
    const plugin = {
      onRequest({ url, endResponse }: { url: URL; endResponse(response: Response): void }) {
        if (url.pathname === "/metrics") endResponse(new Response("of the plugin"));
      },
    };
    const { read } = await start({ plugins: [plugin] });
    expect(await (await read()).text()).toBe("of the plugin");
  });

  test("is answered before the gateway is ready", async () => {
    const { read } = await start({ startsReady: false });
    expect((await read()).status).toBe(200);
  });
});
