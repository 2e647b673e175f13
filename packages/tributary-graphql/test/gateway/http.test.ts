import { once } from "node:events";
import { connect } from "node:net";
import { serverAudits } from "graphql-http";
import { startingToyGateway, type ToyOptions, toyGateway } from "tributary-testing/toy-gateway.ts";
import { describe, expect, onTestFinished, test } from "vitest";
import { pathNames, pathOptions } from "./paths/support/three-paths.ts";

let mutations = 0;
const toy = (options: ToyOptions = {}) =>
  toyGateway(
    "type Query { a(n: Int): Int b: Int } type Mutation { set: Int }",
    { Query: { a: () => 1, b: () => 2 }, Mutation: { set: () => ++mutations } },
    options,
  );

const address = "http://toys.test/graphql";

test.each(pathNames)(
  "every audit of GraphQL over HTTP passes on the path %s",
  async (path) => {
    const { url } = await toy(pathOptions[path]).gateway.listen({ host: "127.0.0.1", port: 0 });
    const audits = serverAudits({ url });
    expect(audits).toHaveLength(61);
    const failures: string[] = [];
    for (const audit of audits) {
      const result = await audit.fn();
      if (result.status !== "ok") failures.push(`${audit.id} ${audit.name}: ${result.reason}`);
    }
    expect(failures).toEqual([]);
  },
  30_000,
);

describe("the Accept header", () => {
  test("that names nothing we serve is refused before any resolver runs", async () => {
    const before = mutations;
    const response = await toy().post("mutation { set }", { accept: "image/png, application/json;q=0" });
    expect(response.status).toBe(406);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: "BAD_USER_INPUT" } }] });
    expect(mutations).toBe(before);
  });

  test.each([
    ["multipart/mixed", "multipart/mixed"],
    [
      "multipart/mixed;deferSpec=20220824, application/graphql-response+json, application/json;q=0.9",
      "multipart/mixed",
    ],
    ["application/graphql-response+json, application/json, text/event-stream, multipart/mixed", "multipart/mixed"],
    ["text/event-stream", "text/event-stream"],
    ["text/event-stream, multipart/mixed;q=0.5", "text/event-stream"],
    ["*/*", "application/json"],
    ["application/json, */*;q=0.1", "application/json"],
    ["application/json", "application/json"],
    ["application/graphql-response+json", "application/graphql-response+json"],
  ])("%s gets a deferred query as %s", async (accept, expected) => {
    const response = await toy().post("{ a ... @defer { b } }", { accept });
    expect(response.headers.get("content-type")).toMatch(expected);
    await response.text();
  });
});

describe("requests from another page", () => {
  const crossOrigin = { origin: "http://evil.test" };

  test.each([
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "text/plain",
    "application/graphql",
  ])("a POST of %s, which needs no preflight, is refused", async (contentType) => {
    const before = mutations;
    const response = await toy().post("mutation { set }", { headers: { "content-type": contentType } });
    expect(response.status).toBe(415);
    expect(mutations).toBe(before);
  });

  test("a mutation by GET is refused", async () => {
    const before = mutations;
    const response = await toy().gateway.fetch(new Request(`${address}?query=mutation{set}`));
    expect(response.status).toBe(405);
    expect(mutations).toBe(before);
  });

  const corsOf = ({ headers }: Response) => [
    headers.get("access-control-allow-origin"),
    headers.get("access-control-allow-credentials"),
  ];

  test("in development may read, with credentials only from this machine", async () => {
    for (const [origin, credentials] of [
      ["http://evil.test", null],
      ["null", null],
      ["http://localhost.evil.test", null],
      ["http://127.evil.test", null],
      ["http://localhost:5173", "true"],
      ["https://app.localhost", "true"],
      ["http://127.0.0.1:3000", "true"],
      ["http://[::1]:3000", "true"],
    ] as const) {
      const response = await toy().post("{ a }", { headers: { origin } });
      expect(corsOf(response)).toEqual([origin, credentials]);
      expect(response.headers.get("vary")).toContain("Origin");
    }
  });

  test.each([true, false])(
    "of CORS_ORIGINS may read with credentials, and no others; in production: %s",
    async (isProduction) => {
      const corsOrigins = ["https://app.example", "http://localhost:5173"];
      for (const [origin, isAllowed] of [
        ["https://app.example", true],
        ["http://localhost:5173", true],
        ["http://localhost:5174", false],
        ["https://app.example.evil.test", false],
        ["http://app.example", false],
        ["https://app.example:444", false],
        ["null", false],
      ] as const) {
        const asked = toy({ isProduction, corsOrigins });
        for (const query of ["{ a }", "{ a"]) {
          const response = await asked.post(query, { headers: { origin, host: "api.example" } });
          expect(corsOf(response)).toEqual(isAllowed ? [origin, "true"] : [null, null]);
          expect(response.headers.get("vary")).toContain("Origin");
        }
        const preflight = await asked.gateway.fetch(
          new Request(address, {
            method: "OPTIONS",
            headers: {
              origin,
              "access-control-request-method": "POST",
              "access-control-request-headers": "content-type",
            },
          }),
        );
        expect(preflight.status).toBe(isAllowed ? 204 : 403);
        expect(corsOf(preflight)).toEqual(isAllowed ? [origin, "true"] : [null, null]);
        expect(preflight.headers.get("access-control-allow-headers")).toBe(isAllowed ? "content-type" : null);
        const refusals = asked.lines.filter(({ msg }) => String(msg).includes("CORS_ORIGINS"));
        expect(refusals).toHaveLength(isAllowed ? 0 : 1);
        for (const line of refusals) expect(line).toMatchObject({ level: 40, origin, host: "api.example" });
      }
    },
  );

  test("in development are let in by the preflight, which is then good for ten minutes and leaves no log line", async () => {
    const { gateway, lines } = toy();
    const headers = {
      ...crossOrigin,
      "access-control-request-method": "POST",
      "access-control-request-headers": "x-a",
    };
    const preflight = await gateway.fetch(new Request(address, { method: "OPTIONS", headers }));
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-headers")).toBe("x-a");
    expect(preflight.headers.get("access-control-max-age")).toBe("600");
    expect(lines).toEqual([]);
  });

  test("in development may read a refusal as well, before the gateway is ready and for an Accept that it cannot serve", async () => {
    const starting = startingToyGateway("type Query { a: Int }", { Query: { a: () => 1 } });
    const early = await starting.post("{ a }", { headers: crossOrigin });
    const unacceptable = await toy().post("{ a }", { headers: { ...crossOrigin, accept: "text/csv" } });
    expect([early.status, unacceptable.status]).toEqual([503, 406]);
    for (const response of [early, unacceptable]) {
      expect(response.headers.get("access-control-allow-origin")).toBe("http://evil.test");
    }
  });

  test("in production may not", async () => {
    const response = await toy({ isProduction: true }).post("{ a }", { headers: crossOrigin });
    expect([...response.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
  });
});

describe("limits", () => {
  const codeOf = async (response: Response) => (await response.json()).errors[0].extensions.code;

  test("a body over a megabyte is refused, announced or not", async () => {
    const body = JSON.stringify({ query: `{ a } #${"x".repeat(1_000_000)}` });
    const headers = { "content-type": "application/json", accept: "application/json" };
    const { gateway } = toy();
    const { url } = await gateway.listen({ host: "127.0.0.1", port: 0 });
    const announced = await fetch(url, { method: "POST", headers, body });
    expect(announced.status).toBe(413);
    expect(await codeOf(announced)).toBe("LIMIT_EXCEEDED");
    const chunked = new Blob([body]).stream();
    const init: RequestInit & { duplex: "half" } = { method: "POST", headers, body: chunked, duplex: "half" };
    const unannounced = await fetch(url, init);
    expect(unannounced.status).toBe(413);
    expect(await codeOf(unannounced)).toBe("LIMIT_EXCEEDED");
  });

  test("a body that announces too much is refused before it is sent", async () => {
    const { port } = await toy().gateway.listen({ host: "127.0.0.1", port: 0 });
    const socket = connect(port, "127.0.0.1");
    onTestFinished(() => void socket.destroy());
    const headers = ["host: x", "content-type: application/json", "content-length: 2000000"];
    socket.write(`POST /graphql HTTP/1.1\r\n${headers.join("\r\n")}\r\n\r\n`);
    expect(String((await once(socket, "data"))[0])).toMatch(/^HTTP\/1.1 413 /);
  });

  test.each([
    ["of 20,000 opening brackets", `{ a(n: ${"[".repeat(20_000)}`],
    ["of 101 nested fields", "{a".repeat(101) + "}".repeat(101)],
    ["of 10,001 tokens", `{ ${"a ".repeat(10_000)} }`],
  ])("a document %s is refused", async (_, query) => {
    const response = await toy().post(query, { accept: "application/graphql-response+json" });
    expect(response.status).toBe(400);
    expect(await codeOf(response)).toBe("LIMIT_EXCEEDED");
  });

  test("a batch of operations is refused", async () => {
    const body = JSON.stringify([{ query: "{ a }" }, { query: "{ a }" }]);
    const init = { method: "POST", headers: { "content-type": "application/json" }, body };
    const response = await toy().gateway.fetch(new Request(address, init));
    expect(response.status).toBe(400);
    expect(await codeOf(response)).toBe("BAD_USER_INPUT");
  });
});

describe("in production", () => {
  const introspection = "{ __schema { queryType { name } } }";

  test("introspection is closed, and a misspelt field is not corrected", async () => {
    const production = toy({ isProduction: true });
    for (const query of [introspection, introspection, "{ bb }"]) {
      const answer = await production.ask(query);
      expect(answer.errors?.[0]?.extensions.code).toBe("GRAPHQL_VALIDATION_FAILED");
      expect(JSON.stringify(answer)).not.toContain("Did you mean");
    }
    expect(await production.ask("{ __typename }")).toEqual({ data: { __typename: "Query" } });
  });

  test("both are open in development", async () => {
    expect(await toy().ask(introspection)).toEqual({ data: { __schema: { queryType: { name: "Query" } } } });
    expect(JSON.stringify(await toy().ask("query { bb }"))).toContain("Did you mean");
  });
});

describe("other paths", () => {
  test("an unknown path is 404, as JSON that says where to look", async () => {
    for (const path of ["/", "/nothing", "/nothing?x=/graphql", "/health"]) {
      const response = await toy().gateway.fetch(new Request(`http://toys.test${path}`));
      expect(response.status).toBe(404);
      expect(await response.json()).toEqual({ error: expect.stringContaining("/graphql") });
    }
  });
});
