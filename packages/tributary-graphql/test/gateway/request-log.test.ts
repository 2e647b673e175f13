import { collect, readMultipart } from "tributary-testing/read-stream.ts";
import { type ToyContext, type ToyOptions, toyGateway } from "tributary-testing/toy-gateway.ts";
import { describe, expect, test } from "vitest";

function lookup({ calls }: ToyContext, source: string) {
  calls.begin(source, "somethingById", 2).succeed(1);
  return 1;
}

const toy = (options: ToyOptions = {}) =>
  toyGateway(
    "type Query { city(name: String): Int sun: Int fails: Int }",
    {
      Query: {
        city: (_, __, context) => lookup(context, "database"),
        sun: async (_, __, context) => lookup(context, "sun"),
        fails: () => {
          throw new Error("boom");
        },
      },
    },
    options,
  );

describe("each request leaves one line", () => {
  test("with its operation, duration, calls by source and outcome", async () => {
    const gateway = toy();
    await gateway.ask("query CityPage { city sun other: sun }", { headers: { "x-request-id": "abc-1" } });
    const line = gateway.requestLine();
    expect(line).toMatchObject({
      level: 30,
      id: "abc-1",
      operationName: "CityPage",
      operationType: "query",
      status: 200,
      outcome: "ok",
      calls: { database: 1, sun: 2 },
    });
    expect(line).toHaveProperty("time");
    expect(line.durationMs).toBeGreaterThanOrEqual(0);
    expect(line).not.toHaveProperty("payloads");
  });

  test("with the codes of its errors, beside data", async () => {
    const gateway = toy();
    await gateway.ask("{ city fails again: fails }");
    expect(gateway.requestLine()).toMatchObject({ outcome: "partial", errors: { INTERNAL_SERVER_ERROR: 2 } });
  });

  test("and without data", async () => {
    const gateway = toy();
    await gateway.ask("{ nonsense }");
    expect(gateway.requestLine()).toMatchObject({ outcome: "error", errors: { GRAPHQL_VALIDATION_FAILED: 1 } });
  });

  test("with the estimated cost of the operation, of a refused one too", async () => {
    const { ask, lines } = toyGateway("type Query { all(first: Int): [Query!] }", {}, { maxCost: 10 });
    for (const query of ["{ all(first: 3) { __typename } }", "{ all(first: 30) { __typename } }", "{ nonsense }"])
      await ask(query);
    expect(lines.filter(({ msg }) => msg === "request").map(({ cost }) => cost)).toEqual([4, 31, undefined]);
  });

  test("at the end of a stream, with the number of payloads and the time to the first", async () => {
    const gateway = toy();
    const response = await gateway.post("{ city ... @defer { sun } }", { accept: "multipart/mixed" });
    expect(gateway.lines.filter(({ msg }) => msg === "request")).toEqual([]);
    await collect(readMultipart(response));
    const line = gateway.requestLine();
    expect(line).toMatchObject({ outcome: "ok", payloads: 2, calls: { database: 1, sun: 1 } });
    expect(Number(line.firstPayloadMs)).toBeLessThanOrEqual(Number(line.durationMs));
  });

  test("with the reason of a fallback to graphql-js, which the gateway counts", async () => {
    const { post, lines, ask, gateway } = toy();
    await ask("{ city }");
    await collect(readMultipart(await post("{ city ... @defer { sun } }", { accept: "multipart/mixed" })));
    const requests = lines.filter(({ msg }) => msg === "request");
    expect(requests.map(({ fallback }) => fallback)).toEqual([undefined, "incremental"]);
    expect(gateway.executions).toEqual({ planned: 1, fallback: { incremental: 1 } });
  });

  test("without texts of queries or variables", async () => {
    const gateway = toy();
    await gateway.ask('query ($name: String) { city(name: $name) b: city(name: "private") }', {
      variables: { name: "secret" },
    });
    expect(JSON.stringify(gateway.lines)).not.toMatch(/private|secret/);
  });
});

describe("x-request-id", () => {
  test("is the client's own if it is sane, and a new one otherwise", async () => {
    const gateway = toy();
    const idOf = async (id: string) =>
      (await gateway.post("{ city }", { headers: { "x-request-id": id } })).headers.get("x-request-id");
    expect(await idOf("trace.1:a_b-c")).toBe("trace.1:a_b-c");
    for (const odd of ["", "with space", "x".repeat(101), '{"a":1}']) {
      expect(await idOf(odd)).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
    }
  });
});

describe("the call log", () => {
  const asked = { headers: { "x-tributary-calls": "1" } };

  test("comes with the answer when the request asks for it", async () => {
    const answer = await toy().ask("{ city sun }", asked);
    expect(answer.extensions?.calls).toMatchObject([
      { source: "database", call: "somethingById", keys: 2, rows: 1 },
      { source: "sun", call: "somethingById", keys: 2, rows: 1 },
    ]);
  });

  test("comes with the last payload of a stream", async () => {
    const response = await toy().post("{ city ... @defer { sun } }", { accept: "multipart/mixed", ...asked });
    const [first, last] = await collect(readMultipart(response));
    expect(first).not.toHaveProperty("extensions");
    expect(last?.extensions?.calls).toMatchObject([{ source: "database" }, { source: "sun" }]);
  });

  test("is absent when nobody asks, and in production", async () => {
    expect(await toy().ask("{ city }")).not.toHaveProperty("extensions");
    expect(await toy({ isProduction: true }).ask("{ city }", asked)).not.toHaveProperty("extensions");
  });
});
