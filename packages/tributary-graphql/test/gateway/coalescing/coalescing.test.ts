import type { PostOptions } from "tributary-testing/toy-gateway.ts";
import { describe, expect, test } from "vitest";
import { heldToy } from "./support/held-toy.ts";

const id = (name: string): PostOptions => ({ headers: { "x-request-id": name } });
const named = (name: string, more: Readonly<Record<string, string>>): PostOptions => ({
  headers: { "x-request-id": name, ...more },
});

describe("identical queries in flight", () => {
  test("are executed once, and each gets the answer", async () => {
    const toy = await heldToy();
    const first = toy.send("{ slow fast }", id("first"));
    await toy.called(1);
    const others = ["a", "b", "c", "d"].map((name) => toy.send("{ slow fast }", id(name)));
    await toy.coalesced(4);
    toy.letGo();
    for (const response of await Promise.all([first, ...others])) {
      expect(response.status).toBe(200);
      expect(await response.text()).toBe('{"data":{"slow":1,"fast":2}}');
    }
    expect(toy.calls).toHaveLength(1);
    expect(toy.gateway.coalescing).toEqual({ executed: 1, coalesced: 4 });
  });

  test("keep their own ids, and leave a line each that says who executed", async () => {
    const toy = await heldToy();
    const first = toy.send("query Q { slow }", id("first"));
    await toy.called(1);
    const other = toy.send("query Q { slow }", id("other"));
    await toy.coalesced(1);
    toy.letGo();
    expect((await first).headers.get("x-request-id")).toBe("first");
    expect((await other).headers.get("x-request-id")).toBe("other");
    expect(toy.requestLines()).toHaveLength(2);
    expect(toy.lineOf("first")).toMatchObject({ operationName: "Q", operationType: "query", outcome: "ok" });
    expect(toy.lineOf("first")).not.toHaveProperty("coalesced");
    expect(toy.lineOf("other")).toMatchObject({
      operationName: "Q",
      operationType: "query",
      status: 200,
      outcome: "ok",
      calls: {},
      coalesced: true,
      executedBy: "first",
    });
  });

  test("are no cache: what comes after the answer is executed again", async () => {
    const toy = await heldToy();
    toy.letGo();
    for (let time = 0; time < 3; time++) await (await toy.send("{ slow }")).text();
    expect(toy.calls).toHaveLength(3);
    expect(toy.gateway.coalescing).toEqual({ executed: 3, coalesced: 0 });
  });

  test.each([
    ["the request id", { "x-request-id": "other" }],
    ["tracing", { traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", tracestate: "a=1" }],
    ["what the answer is compressed with", { "accept-encoding": "gzip" }],
  ])("may differ in %s", async (_, headers) => {
    const toy = await heldToy();
    const first = toy.send("{ long }", named("first", {}));
    await toy.called(1);
    const other = toy.send("{ long }", { headers });
    await toy.coalesced(1);
    toy.letGo();
    const answers = await Promise.all([first, other].map(async (response) => (await response).text()));
    expect(answers[0]).toBe(JSON.stringify({ data: { long: "é".repeat(3_000) } }));
    expect(answers[1]).toBe(answers[0]);
    expect(toy.calls).toHaveLength(1);
  });
});

describe("never answered together are", () => {
  const token = { authorization: "Bearer a" };

  test.each([
    ["two identities", "{ slow }", { headers: token }, "{ slow }", { headers: { authorization: "Bearer b" } }],
    ["an identity and nobody", "{ slow }", { headers: token }, "{ slow }", {}],
    ["two cookies", "{ slow }", { headers: { cookie: "a=1" } }, "{ slow }", { headers: { cookie: "a=2" } }],
    [
      "two values of a declared header",
      "{ slow }",
      { headers: { "x-tenant": "a" } },
      "{ slow }",
      { headers: { "x-tenant": "b" } },
    ],
    ["two documents", "{ slow }", {}, "{ slow fast }", {}],
    [
      "two values of a variable",
      "query ($n: Int) { slow(n: $n) }",
      { variables: { n: 1 } },
      "query ($n: Int) { slow(n: $n) }",
      { variables: { n: 2 } },
    ],
    [
      "two operations of a document",
      "query A { slow } query B { slow }",
      { operationName: "A" },
      "query A { slow } query B { slow }",
      { operationName: "B" },
    ],
    ["two content types of the answer", "{ slow }", {}, "{ slow }", { accept: "application/graphql-response+json" }],
    ["mutations", "mutation { set }", {}, "mutation { set }", {}],
    [
      "requests that show their calls",
      "{ slow }",
      { headers: { "x-tributary-calls": "1" } },
      "{ slow }",
      { headers: { "x-tributary-calls": "1" } },
    ],
    [
      "streams",
      "{ fast ... @defer { slow } }",
      { accept: "multipart/mixed, application/json" },
      "{ fast ... @defer { slow } }",
      { accept: "multipart/mixed, application/json" },
    ],
  ] as const)("%s", async (_, one, oneOptions, other, otherOptions) => {
    const toy = await heldToy({ headers: ["Authorization", "x-tenant"], cookies: ["a"] });
    const answers = [toy.send(one, oneOptions)];
    await toy.called(1);
    answers.push(toy.send(other, otherOptions));
    await toy.called(2);
    toy.letGo();
    for (const answer of answers) await (await answer).text();
    expect(toy.calls).toHaveLength(2);
    expect(toy.gateway.coalescing.coalesced).toBe(0);
  });

  test("a client that takes streams, and one that gets the same in one piece", async () => {
    const toy = await heldToy();
    const query = "{ fast ... @defer { slow } }";
    const whole = toy.send(query);
    await toy.called(1);
    const stream = await toy.send(query, { accept: "multipart/mixed, application/json" });
    expect(stream.headers.get("content-type")).toContain("multipart/mixed");
    toy.letGo();
    expect(await (await whole).json()).toEqual({ data: { fast: 2, slow: 1 } });
    expect(await stream.text()).toContain('"hasNext":false');
    expect(toy.calls).toHaveLength(2);
  });

  test("any two queries, where it is off", async () => {
    const toy = await heldToy({ coalescing: { isOn: false } });
    const answers = [toy.send("{ slow }"), toy.send("{ slow }")];
    await toy.called(2);
    toy.letGo();
    for (const answer of answers) await (await answer).text();
    expect(toy.gateway.coalescing).toEqual({ executed: 0, coalesced: 0 });
  });
});

test("headers that the app has not declared do not keep queries apart: two browsers share an execution", async () => {
  const toy = await heldToy({ headers: ["authorization"] });
  const first = toy.send("{ slow }", { headers: { "user-agent": "a", cookie: "a=1", "x-forwarded-for": "1.1.1.1" } });
  await toy.called(1);
  const other = toy.send("{ slow }", { headers: { "user-agent": "b", cookie: "a=2", "x-forwarded-for": "2.2.2.2" } });
  await toy.coalesced(1);
  toy.letGo();
  await Promise.all([first, other].map(async (answer) => (await answer).text()));
  expect(toy.calls).toHaveLength(1);
});

describe("errors", () => {
  test("carry the id of the request that they are told to, and are logged once", async () => {
    const toy = await heldToy();
    const first = toy.send("{ fast fails }", id("first"));
    await toy.called(1);
    const other = toy.send("{ fast fails }", id("other"));
    await toy.coalesced(1);
    toy.letGo();
    for (const [name, answer] of [
      ["first", first],
      ["other", other],
    ] as const) {
      expect(await (await answer).json()).toEqual({
        data: { fast: 2, fails: null },
        errors: [expect.objectContaining({ path: ["fails"], extensions: { code: "INTERNAL_SERVER_ERROR", id: name } })],
      });
      expect(toy.lineOf(name)).toMatchObject({ outcome: "partial", errors: { INTERNAL_SERVER_ERROR: 1 } });
    }
    expect(toy.lines.filter(({ msg }) => msg === "unexpected error")).toHaveLength(1);
    expect(toy.lineOf("other")).toMatchObject({ executedBy: "first" });
  });

  test("without data are told to all as well", async () => {
    const toy = await heldToy();
    const first = toy.send("{ must }");
    await toy.called(1);
    const other = toy.send("{ must }");
    await toy.coalesced(1);
    toy.letGo();
    for (const answer of [await first, await other])
      expect(await answer.json()).toMatchObject({ data: null, errors: [{}] });
    expect(toy.calls).toHaveLength(1);
  });
});

describe("when a client leaves", () => {
  test("that asked first, the others still get the answer", async () => {
    const toy = await heldToy();
    const client = new AbortController();
    const first = toy.send("{ slow }", { ...id("first"), signal: client.signal });
    await toy.called(1);
    const other = toy.send("{ slow }", id("other"));
    await toy.coalesced(1);
    client.abort();
    await expect(first).rejects.toThrow();
    await expect.poll(() => toy.lineOf("first")).toMatchObject({ outcome: "aborted", status: 499 });
    expect(toy.calls[0]?.signal.aborted).toBe(false);
    toy.letGo();
    expect(await (await other).json()).toEqual({ data: { slow: 1 } });
    expect(toy.calls).toHaveLength(1);
    expect(toy.requestLines()).toHaveLength(2);
  });

  test("that asked later, the first one still gets the answer", async () => {
    const toy = await heldToy();
    const client = new AbortController();
    const first = toy.send("{ slow }", id("first"));
    await toy.called(1);
    const other = toy.send("{ slow }", { ...id("other"), signal: client.signal });
    await toy.coalesced(1);
    client.abort();
    await expect(other).rejects.toThrow();
    await expect
      .poll(() => toy.lineOf("other"))
      .toMatchObject({ outcome: "aborted", status: 499, executedBy: "first" });
    toy.letGo();
    expect(await (await first).json()).toEqual({ data: { slow: 1 } });
  });

  test("as the last one, what is executed is stopped", async () => {
    const toy = await heldToy();
    const client = new AbortController();
    const first = toy.send("{ slow }", { signal: client.signal });
    await toy.called(1);
    const other = toy.send("{ slow }", { signal: client.signal });
    await toy.coalesced(1);
    client.abort();
    await expect(Promise.all([first, other])).rejects.toThrow();
    await expect.poll(() => toy.calls[0]?.signal.aborted).toBe(true);
    expect(toy.calls[0]?.signal.reason).toMatchObject({ name: "AbortError" });
    await expect.poll(() => toy.requestLines().length).toBe(2);
    expect(toy.lines.filter(({ level }) => Number(level) >= 40)).toEqual([]);
  });

  test("nobody joins what was stopped: the next one is executed", async () => {
    const toy = await heldToy();
    const client = new AbortController();
    const first = toy.send("{ slow }", { signal: client.signal });
    await toy.called(1);
    client.abort();
    await expect(first).rejects.toThrow();
    await expect.poll(() => toy.calls[0]?.signal.aborted).toBe(true);
    const next = toy.send("{ slow }");
    await toy.called(2);
    toy.letGo();
    expect(await (await next).json()).toEqual({ data: { slow: 1 } });
  });
});

describe("the deadline", () => {
  const late = { path: ["slow"], extensions: { code: "DEADLINE_EXCEEDED" } };

  test("of requests that came together gives each of them what is there", async () => {
    const toy = await heldToy({ requestTimeoutMs: 300 });
    const first = toy.send("{ fast slow }", id("first"));
    await toy.called(1);
    const other = toy.send("{ fast slow }", id("other"));
    await toy.coalesced(1);
    for (const answer of [await first, await other]) {
      expect(await answer.json()).toMatchObject({ data: { fast: 2, slow: null }, errors: [late] });
    }
    expect(toy.calls[0]?.signal.reason).toMatchObject({ name: "TimeoutError" });
    expect(toy.lines.filter(({ level }) => Number(level) >= 40)).toEqual([]);
  });

  test("of each ends its own waiting, and what is executed goes on for those that came later", async () => {
    const toy = await heldToy({ requestTimeoutMs: 900 });
    const first = toy.send("{ fast slow }");
    await toy.called(1);
    const later: (typeof first)[] = [];
    for (const count of [1, 2]) {
      await new Promise((resolve) => setTimeout(resolve, 250));
      later.push(toy.send("{ fast slow }"));
      await toy.coalesced(count);
    }
    for (const answer of [first, later[0]]) {
      const body = await (await answer)?.json();
      expect(body).toMatchObject({ data: null, errors: [{ extensions: { code: "DEADLINE_EXCEEDED" } }] });
      expect(toy.calls[0]?.signal.aborted).toBe(false);
      expect(toy.calls[0]?.remainingMs()).toBeGreaterThan(0);
    }
    toy.letGo();
    expect(await (await later[1])?.json()).toEqual({ data: { fast: 2, slow: 1 } });
    expect(toy.calls).toHaveLength(1);
  });

  test("that has passed lets nobody join any more", async () => {
    const toy = await heldToy({ requestTimeoutMs: 200 });
    const first = toy.send("{ stuck }");
    await toy.called(1);
    await expect.poll(() => toy.calls[0]?.signal.aborted, { interval: 1 }).toBe(true);
    const next = toy.send("{ stuck }");
    await toy.called(2);
    for (const answer of [first, next]) expect(await (await answer).json()).toMatchObject({ errors: [{}] });
    expect(toy.gateway.coalescing).toEqual({ executed: 2, coalesced: 0 });
  });

  test("of who asked first lets nobody join what goes on: otherwise a source that hangs holds up all who ever ask", async () => {
    const toy = await heldToy({ requestTimeoutMs: 800 });
    const first = toy.send("{ fast slow }");
    await toy.called(1);
    await new Promise((resolve) => setTimeout(resolve, 400));
    const other = toy.send("{ fast slow }");
    await toy.coalesced(1);
    expect(await (await first).json()).toMatchObject({ data: null });
    expect(toy.calls[0]?.signal.aborted).toBe(false);
    const next = toy.send("{ fast slow }");
    await toy.called(2);
    toy.letGo();
    for (const answer of [other, next]) expect(await (await answer).json()).toEqual({ data: { fast: 2, slow: 1 } });
    expect(toy.gateway.coalescing).toEqual({ executed: 2, coalesced: 1 });
  });

  test("of one that shared, and was late, has the next ones execute for themselves: each gets what is there", async () => {
    const toy = await heldToy({ requestTimeoutMs: 400 });
    const first = toy.send("{ fast slow }");
    await toy.called(1);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const other = toy.send("{ fast slow }");
    await toy.coalesced(1);
    expect(await (await first).json()).toMatchObject({ data: null });
    const next = [toy.send("{ fast slow }"), toy.send("{ fast slow }")];
    for (const answer of [other, ...next]) {
      expect(await (await answer).json()).toMatchObject({ data: { fast: 2, slow: null }, errors: [late] });
    }
    const unlike = [toy.send("{ slow }"), toy.send("{ slow }")];
    await toy.coalesced(2);
    toy.letGo();
    for (const answer of unlike) expect(await (await answer).json()).toEqual({ data: { slow: 1 } });
    expect(toy.gateway.coalescing).toEqual({ executed: 4, coalesced: 2 });
  });

  test("of the last one that is left stops what is executed", async () => {
    const toy = await heldToy({ requestTimeoutMs: 800 });
    const client = new AbortController();
    const first = toy.send("{ fast slow }", id("first"));
    await toy.called(1);
    await new Promise((resolve) => setTimeout(resolve, 400));
    const other = toy.send("{ fast slow }", { signal: client.signal });
    await toy.coalesced(1);
    client.abort();
    await expect(other).rejects.toThrow();
    expect(await (await first).json()).toMatchObject({ data: { fast: 2, slow: null }, errors: [late] });
    // Not when the time of the one that left was up.
    expect(toy.calls[0]?.remainingMs()).toBeGreaterThan(0);
  });
});

test("closing waits for what several wait for", async () => {
  const toy = await heldToy();
  const first = toy.send("{ slow }");
  await toy.called(1);
  const other = toy.send("{ slow }");
  await toy.coalesced(1);
  const closed = toy.gateway.close();
  toy.letGo();
  for (const answer of [await first, await other]) expect(await answer.json()).toEqual({ data: { slow: 1 } });
  await closed;
});
