import { once } from "node:events";
import { connect } from "node:net";
import { type ToyOptions, toyGateway } from "tributary-testing/toy-gateway.ts";
import { describe, expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";

async function start(options: ToyOptions = {}) {
  const toy = toyGateway(
    "type Query { a: Int text(of: String, n: Int): Int } type Subscription { never: Int }",
    {
      Query: { a: () => 1, text: () => 1 },
      Subscription: {
        never: (_, __, { signal }) => ({
          [Symbol.asyncIterator]: () => ({
            next: () => new Promise((resolve) => signal.addEventListener("abort", () => resolve({ done: true }))),
          }),
        }),
      },
    },
    options,
  );
  return { ...toy, ...(await toy.gateway.listen({ host: "127.0.0.1", port: 0 })) };
}

/** The response to these bytes, until the server closes the connection or sends nothing more. */
async function exchange(port: number, text: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  socket.write(text);
  return String((await once(socket, "data"))[0]);
}

const post = (headers: readonly string[], body = ""): string =>
  ["POST /graphql HTTP/1.1", "content-type: application/json", "accept: application/json", ...headers, "", body].join(
    "\r\n",
  );

describe("every answer says nosniff", () => {
  test.each([
    ["a query", "GET /graphql?query={a} HTTP/1.1\r\nhost: x\r\n\r\n", 200],
    ["a POST", post(["host: x", "content-length: 15"], '{"query":"{a}"}'), 200],
    ["a stream", "GET /graphql?query={a} HTTP/1.1\r\nhost: x\r\naccept: text/event-stream\r\n\r\n", 200],
    ["a refusal", "GET /graphql HTTP/1.1\r\nhost: x\r\n\r\n", 400],
    ["another path", "GET /nothing HTTP/1.1\r\nhost: x\r\n\r\n", 404],
    ["health", "GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n", 200],
    ["readiness", "GET /health/ready HTTP/1.1\r\nhost: x\r\n\r\n", 200],
    [
      "a preflight",
      "OPTIONS /graphql HTTP/1.1\r\nhost: x\r\norigin: http://a.test\r\naccess-control-request-method: POST\r\n\r\n",
      204,
    ],
    ["what is not HTTP", "nonsense\r\n\r\n", 400],
    ["two hosts", "GET /graphql?query={a} HTTP/1.1\r\nhost: x\r\nHost: y\r\n\r\n", 400],
    ["two equal hosts", "GET /graphql?query={a} HTTP/1.1\r\nhost: x\r\nHOST: x\r\n\r\n", 400],
    ["two hosts of a POST", post(["host: x", "host: y", "content-length: 15"], '{"query":"{a}"}'), 400],
    [
      "two hosts of a WebSocket",
      "GET /graphql HTTP/1.1\r\nhost: x\r\nhost: y\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
      400,
    ],
    [
      "a WebSocket elsewhere",
      "GET /other HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n",
      404,
    ],
    ["another expectation", post(["host: x", "expect: a-miracle", "content-length: 0"]), 417],
    ["headers that are too large", `GET / HTTP/1.1\r\nhost: x\r\nx-long: ${"x".repeat(17_000)}\r\n\r\n`, 431],
  ])("%s", async (_, text, status) => {
    const { port } = await start();
    const answer = await exchange(port, text);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer.toLowerCase()).toContain("\r\nx-content-type-options: nosniff\r\n");
  });
});

test("headers that are too large are told the limit", async () => {
  const { port } = await start();
  expect(await exchange(port, `GET / HTTP/1.1\r\nhost: x\r\nx: ${"x".repeat(17_000)}\r\n\r\n`)).toContain(
    '"message":"The request\'s headers are larger than 16384 bytes, or there are more than 999.","extensions":{"code":"LIMIT_EXCEEDED"}',
  );
});

test("a body that is announced as too large gets 413 without being asked for; another one is asked for", async () => {
  const { port } = await start();
  const refused = await exchange(port, post(["host: x", "expect: 100-continue", "content-length: 2000000"]));
  expect(refused).toMatch(/^HTTP\/1\.1 413 .*LIMIT_EXCEEDED/s);
  expect(await exchange(port, post(["host: x", "expect: 100-continue", "content-length: 15"]))).toMatch(
    /^HTTP\/1\.1 100 /,
  );
});

test.each(["/graphql", "/graphql?path=yoga"])(
  "a body that is still arriving at the deadline is answered then: %s",
  async (path) => {
    const { port } = await start({ requestTimeoutMs: 50 });
    const text = post(["host: x", "content-length: 100"], '{"query":').replace("/graphql", path);
    const answer = await exchange(port, text);
    expect(answer).toMatch(/^HTTP\/1\.1 408 .*DEADLINE_EXCEEDED/s);
  },
);

describe("a literal of 900 kB is not echoed", () => {
  const long = "x".repeat(900_000);
  test.each([
    ["in an argument", `{ text(n: "${long}") }`, {}],
    ["as an enum value", `{ text(n: ${long}) }`, {}],
    ["as a field", `{ ${long} }`, {}],
    ["in a syntax error", `{ a(b: "${long}) }`, {}],
    ["in a variable", "query ($n: Int) { text(n: $n) }", { n: long }],
    ["as a variable's name", `query ($${long}: Int) { a }`, {}],
  ])("%s", async (_, query, variables) => {
    const { post: ask } = await start({ limits: { bodyBytes: 2_000_000 } });
    const text = await (await ask(query, { accept: "application/json", variables })).text();
    expect(text).toContain('"errors"');
    expect(text.length).toBeLessThan(3_000);
  });
});

describe("a WebSocket of another origin", () => {
  const open = (port: number, headers: Record<string, string>) =>
    new Promise<number>((resolve) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`, "graphql-transport-ws", { headers });
      onTestFinished(() => socket.terminate());
      socket.on("open", () => resolve(101));
      socket.on("unexpected-response", (_, { statusCode = 0 }) => resolve(statusCode));
      socket.on("error", () => undefined);
    });

  test("is opened for CORS_ORIGINS alone, and a refused one has a line with Origin and Host", async () => {
    const { port, lines } = await start({ corsOrigins: ["https://app.example"] });
    expect(await open(port, { origin: "https://app.example" })).toBe(101);
    expect(await open(port, { origin: `http://127.0.0.1:${port}` })).toBe(101);
    expect(await open(port, { origin: "http://localhost:1" })).toBe(403);
    expect(lines.filter(({ msg }) => msg === "a WebSocket was refused")).toEqual([
      expect.objectContaining({
        level: 40,
        origin: "http://localhost:1",
        host: `127.0.0.1:${port}`,
        status: 403,
        reason: expect.stringContaining("another origin"),
      }),
    ]);
  });

  test("that X-Forwarded-Host calls its own is opened only behind a declared proxy", async () => {
    const headers = { origin: "https://app.example", "x-forwarded-host": "app.example" };
    expect(await open((await start({ isProduction: true })).port, headers)).toBe(403);
    expect(await open((await start({ isProduction: true, trustedProxies: ["10.0.0.1"] })).port, headers)).toBe(403);
    expect(await open((await start({ isProduction: true, trustedProxies: ["127.0.0.0/8"] })).port, headers)).toBe(101);
  });

  test("has no more places than a client's share, told by the address that a declared proxy names", async () => {
    const subscriptions = { maxConnections: 10, maxConnectionsPerClient: 2 };
    const direct = await start({ subscriptions });
    expect(await open(direct.port, {})).toBe(101);
    expect(await open(direct.port, { "x-forwarded-for": "1.1.1.1" })).toBe(101);
    expect(await open(direct.port, { "x-forwarded-for": "2.2.2.2" })).toBe(503);
    const proxied = await start({ subscriptions, trustedProxies: ["127.0.0.1"] });
    for (const [client, status] of [
      ["1.1.1.1", 101],
      ["1.1.1.1", 101],
      ["9.9.9.9, 1.1.1.1", 503],
      ["2.2.2.2", 101],
      ["2001:db8:1:2::1", 101],
      ["2001:db8:1:2::2", 101],
      ["2001:db8:1:2:3::3", 503],
      ["2001:db8:1:3::1", 101],
    ] as const)
      expect(await open(proxied.port, { "x-forwarded-for": client })).toBe(status);
  });
});

test("introspection that is closed is one error, whichever way it is asked", async () => {
  const { ask } = await start({ opensIntrospection: false });
  const { getIntrospectionQuery } = await import("graphql");
  for (const query of [getIntrospectionQuery(), '{ a __type(name: "Query") { name } }']) {
    const { errors } = await ask(query);
    expect(errors).toHaveLength(1);
    expect(errors?.[0]).toMatchObject({
      message: "Introspection is closed here: the document asks for the schema.",
      extensions: { code: "GRAPHQL_VALIDATION_FAILED" },
    });
  }
  expect(await ask("{ __typename }")).toEqual({ data: { __typename: "Query" } });
});

test("introspection may be open in production", async () => {
  const { ask } = await start({ isProduction: true, opensIntrospection: true });
  expect((await ask("{ __schema { queryType { name } } }")).errors).toBeUndefined();
});

test.each(["{ list @stream(initialCount: -1) }", "query ($n: Int = -1) { list @stream(initialCount: $n) }"])(
  "a negative initialCount of @stream is told so: %s",
  async (query) => {
    const toy = toyGateway("type Query { list: [Int] }", { Query: { list: () => [1] } });
    const text = await (await toy.post(query, { accept: "multipart/mixed" })).text();
    expect(text).toContain('"message":"The argument initialCount of @stream must be 0 or more."');
    expect(text).toContain('"code":"BAD_USER_INPUT"');
  },
);
