import { once } from "node:events";
import { DomainError } from "tributary-graphql";
import { type ToyOptions, toyGateway } from "tributary-testing/toy-gateway.ts";
import { describe, expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { pathNames, toyOn } from "../paths/support/three-paths.ts";
import { nextOf, transports } from "../subscriptions/support/transports.ts";
import { expectPrometheusText, sampleOf, seriesOf } from "./support/figures.ts";

const sdl = `
  type Query { a: Int fails: Int required: Int! later: Int called: Int cached: Int item: Item items: [Item!]! }
  type Item { n: Int }
  type Subscription { ticks: Int called: Int }
`;

function resolvers() {
  const release = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  return {
    begun: begun.promise,
    release: () => release.resolve(),
    resolvers: {
      Query: {
        a: () => 1,
        fails: () => {
          throw new DomainError("UPSTREAM_UNAVAILABLE", "The prices are not there.", { source: "prices" });
        },
        required: () => {
          throw new Error("secret detail");
        },
        later: async () => {
          begun.resolve();
          await release.promise;
          return 1;
        },
        called: (_: unknown, __: unknown, { calls }: { calls: import("tributary-graphql").CallLog }) => {
          calls.begin("prices", "priceById", 1).succeed(1);
          calls.begin("prices", "priceById", 1).fail();
          return 1;
        },
        cached: (_: unknown, __: unknown, { calls }: { calls: import("tributary-graphql").CallLog }) => {
          calls.begin("prices", "priceById", 1).succeed(1, { cached: true });
          calls.begin("prices", "priceById", 1).succeed(1, { shared: true });
          calls.begin("prices", "priceById", 1).succeed(1, { stale: true });
          return 1;
        },
        item: () => ({ n: 1 }),
        items: () => [{ n: 1 }],
      },
      Subscription: {
        async *ticks() {
          yield { ticks: 1 };
          await release.promise;
        },
        async *called(_: unknown, __: unknown) {
          yield {};
        },
      },
    },
  };
}

const names = { metrics: { operationNames: ["Known"] } };

async function start(options: ToyOptions = {}) {
  const { resolvers: served, ...control } = resolvers();
  const toy = toyGateway(sdl, served, { ...names, ...options });
  const read = async () => (await toy.gateway.metrics?.text()) ?? "";
  return { ...toy, ...control, read };
}

describe("requests are counted", () => {
  describe.each(pathNames)("on the path %s", (path) => {
    test.each([
      ["ok", "query Known { a }", { operation: "Known", outcome: "ok" }],
      ["partial", "query Known { a fails }", { operation: "Known", outcome: "partial" }],
      ["error", "query Known { required }", { operation: "Known", outcome: "error" }],
      ["refused", "query Known { nothing }", { operation: "Known", outcome: "refused" }],
      ["refused, without an operation", "{", { operation: "none", outcome: "refused" }],
      ["anonymous", "{ a }", { operation: "anonymous", outcome: "ok" }],
      ["other, with a name that is not known", "query Mine { a }", { operation: "other", outcome: "ok" }],
    ])("as %s", async (_, query, { operation, outcome }) => {
      const { toy, port } = await toyOn(path, sdl, resolvers().resolvers, names);
      const url = `http://127.0.0.1:${port}/graphql`;
      await (
        await fetch(`${url}?query=${encodeURIComponent(query)}`, { headers: { accept: "application/json" } })
      ).text();
      const text = (await toy.gateway.metrics?.text()) ?? "";
      expect(seriesOf(text, "tributary_requests_total")).toEqual([
        `tributary_requests_total{operation="${operation}",outcome="${outcome}"} 1`,
      ]);
      expect(sampleOf(text, `tributary_request_duration_seconds_count{operation="${operation}"}`)).toBe(1);
    });
  });

  test("as aborted when the client leaves before the response", async () => {
    const { gateway, begun, read } = await start();
    const { url } = await gateway.listen({ port: 0 });
    const leaving = new AbortController();
    const asked = fetch(`${url}?query={later}`, { signal: leaving.signal });
    await begun;
    leaving.abort();
    await expect(asked).rejects.toThrow();
    await expect
      .poll(async () => sampleOf(await read(), 'tributary_requests_total{operation="anonymous",outcome="aborted"}'))
      .toBe(1);
  });

  test("with their errors and refusals by code", async () => {
    const { ask, read } = await start();
    await ask("{ fails again: fails }");
    await ask("{ nothing nothing2 }");
    await ask("{");
    const text = await read();
    expect(seriesOf(text, "tributary_errors_total").sort()).toEqual([
      'tributary_errors_total{code="GRAPHQL_PARSE_FAILED"} 1',
      'tributary_errors_total{code="GRAPHQL_VALIDATION_FAILED"} 2',
      'tributary_errors_total{code="UPSTREAM_UNAVAILABLE"} 2',
    ]);
    expect(seriesOf(text, "tributary_refused_requests_total").sort()).toEqual([
      'tributary_refused_requests_total{code="GRAPHQL_PARSE_FAILED"} 1',
      'tributary_refused_requests_total{code="GRAPHQL_VALIDATION_FAILED"} 1',
    ]);
  });

  test("with a silent log, too", async () => {
    const { pino } = await import("pino");
    const { ask, read } = await start({ logger: pino({ level: "silent" }) } as ToyOptions);
    await ask("{ a }");
    expect(sampleOf(await read(), 'tributary_requests_total{operation="anonymous",outcome="ok"}')).toBe(1);
  });
});

describe("calls to sources are counted", () => {
  test("by source, call and result; durations are those of round trips", async () => {
    const { ask, read } = await start();
    await ask("{ called }");
    await ask("{ cached }");
    const text = await read();
    expect(seriesOf(text, "tributary_source_calls_total")).toEqual(
      ["ok", "failed", "cached", "shared", "stale"].map(
        (result) => `tributary_source_calls_total{source="prices",call="priceById",result="${result}"} 1`,
      ),
    );
    const labels = 'source="prices",call="priceById"';
    expect(sampleOf(text, `tributary_source_call_duration_seconds_count{${labels}}`)).toBe(2);
  });
});

describe("what is open now is counted", () => {
  test.each(transports)("streams over $name", async ({ name, subscribe }) => {
    const { gateway, read, release } = await start();
    const { url } = await gateway.listen({ port: 0 });
    const events = subscribe(url, "subscription { ticks }");
    await nextOf(events);
    const transport = name.includes("WebSocket") ? "websocket" : "http";
    const open = async () => sampleOf(await read(), `tributary_open_streams{transport="${transport}"}`);
    expect(await open()).toBe(1);
    expect(sampleOf(await read(), "tributary_open_websockets")).toBe(transport === "websocket" ? 1 : 0);
    release();
    await events.next();
    await expect.poll(open).toBe(0);
    const text = await read();
    expect(sampleOf(text, 'tributary_requests_total{operation="anonymous",outcome="ok"}')).toBe(1);
    // It lives for as long as its client wants.
    expect(sampleOf(text, 'tributary_request_duration_seconds_count{operation="anonymous"}')).toBe(0);
  });

  test("requests that run", async () => {
    const { gateway, begun, release, read } = await start();
    const { url } = await gateway.listen({ port: 0 });
    const asked = fetch(`${url}?query={later}`);
    await begun;
    expect(sampleOf(await read(), 'tributary_running_requests{transport="http"}')).toBe(1);
    release();
    await (await asked).text();
    expect(sampleOf(await read(), 'tributary_running_requests{transport="http"}')).toBe(0);
  });
});

test("coalesced queries, executions by plans and fallbacks are counted", async () => {
  const { gateway, begun, release, read } = await start();
  const { url } = await gateway.listen({ port: 0 });
  const ask = () => fetch(`${url}?query={later}`).then((response) => response.text());
  const first = ask();
  await begun;
  const second = ask();
  await expect.poll(async () => sampleOf(await read(), "tributary_coalesced_requests_total")).toBe(1);
  release();
  await Promise.all([first, second]);
  const streamed = await fetch(`${url}?query={a ... @defer { items { n } }}`, {
    headers: { accept: "multipart/mixed" },
  });
  await streamed.text();
  const text = await read();
  expect(sampleOf(text, "tributary_planned_executions_total")).toBe(1);
  expect(seriesOf(text, "tributary_fallback_executions_total")).toEqual([
    'tributary_fallback_executions_total{reason="incremental"} 1',
  ]);
  expect(sampleOf(text, 'tributary_requests_total{operation="anonymous",outcome="ok"}')).toBe(3);
});

test("WebSockets that are refused are counted by code", async () => {
  const { gateway, read } = await start({ subscriptions: { maxConnections: 0 } });
  const { url } = await gateway.listen({ port: 0 });
  const socket = new WebSocket(url.replace("http:", "ws:"), "graphql-transport-ws");
  onTestFinished(() => socket.terminate());
  await once(socket, "error");
  expect(seriesOf(await read(), "tributary_refused_websockets_total")).toEqual([
    'tributary_refused_websockets_total{code="OVERLOADED"} 1',
  ]);
});

describe("labels", () => {
  test("have nothing that a client wrote, and their number is bounded", async () => {
    const { ask, read } = await start();
    for (let time = 0; time < 50; time++)
      await ask(`query Stranger${time} { a }`, { headers: { "graphql-client-name": `stranger${time}` } });
    await ask('{ a(secret: "stranger") }', { operationName: "Stranger" });
    const text = await read();
    expect(text).not.toContain("tranger");
    expect(seriesOf(text, "tributary_requests_total")).toEqual([
      'tributary_requests_total{operation="other",outcome="ok"} 50',
      'tributary_requests_total{operation="none",outcome="refused"} 1',
    ]);
    expectPrometheusText(text);
  });

  test("of operations are names of operations, at most 500", () => {
    const start = (operationNames: string[]) => toyGateway(sdl, {}, { metrics: { operationNames } });
    expect(() => start(['a"b'])).toThrow('metrics.operationNames: expected names of operations, got "a\\"b".');
    expect(() => start(Array.from({ length: 501 }, (_, index) => `A${index}`))).toThrow(
      "metrics.operationNames: expected at most 500, got 501.",
    );
  });

  test("of calls are at most 500; others are counted together", async () => {
    const { gateway, ask } = toyGateway("type Query { a: Int }", {
      Query: {
        a: (_, __, { calls }) => {
          for (let index = 0; index < 600; index++) calls.begin("prices", `call${index}`, 1).succeed(1);
          return 1;
        },
      },
    });
    await ask("{ a }");
    const text = (await gateway.metrics?.text()) ?? "";
    expect(seriesOf(text, "tributary_source_calls_total")).toHaveLength(501);
    expect(text).toContain('tributary_source_calls_total{source="other",call="other",result="ok"} 100');
  });
});

test("with metrics: false nothing is counted, and /metrics is not there", async () => {
  const { gateway, ask } = toyGateway(sdl, resolvers().resolvers, { metrics: false });
  expect((await ask("{ a }")).data).toEqual({ a: 1 });
  expect(gateway.metrics).toBeUndefined();
  expect((await gateway.fetch(new Request("http://toys.test/metrics"))).status).toBe(404);
});
