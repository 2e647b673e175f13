import { once } from "node:events";
import type { ToyContext, ToyGateway, ToyOptions } from "tributary-testing/toy-gateway.ts";
import { describe, expect, test } from "vitest";
import { type WireRequest, wireBytes } from "./support/raw-exchange.ts";
import { comparable, type PathName, pathNames, toyOn } from "./support/three-paths.ts";

const headers = { "content-type": "application/json", accept: "application/json" };
const post = (query: string): WireRequest => ({
  headers,
  body: JSON.stringify({ query }),
});

const requestLines = ({ lines }: ToyGateway): number => lines.filter(({ msg }) => msg === "request").length;

/** A gateway with a field that waits until it is let go, or for its signal. */
async function start(path: PathName, options: ToyOptions = {}) {
  const gate = Promise.withResolvers<string>();
  const begun = Promise.withResolvers<AbortSignal>();
  const slow = (_: unknown, __: unknown, { signal }: ToyContext) => {
    begun.resolve(signal);
    return Promise.race([gate.promise, once(signal, "abort").then(() => "stopped")]);
  };
  const calls = { set: 0 };
  const resolvers = { Query: { a: () => 1, slow }, Mutation: { set: () => ++calls.set } };
  const served = await toyOn(path, "type Query { a: Int slow: String } type Mutation { set: Int }", resolvers, options);
  return { ...served, calls, begun: begun.promise, letGo: () => gate.resolve("done") };
}

describe.each(pathNames)("on the path %s", (path) => {
  test("one connection serves request after request", async () => {
    const wire = (await start(path)).wire();
    for (let time = 0; time < 3; time++) {
      wire.send(wireBytes(post("{ a }")));
      expect((await wire.answer()).body.toString()).toBe('{"data":{"a":1}}');
    }
  });

  test("requests that are sent at once are answered in their order", async () => {
    const toy = await start(path);
    const wire = toy.wire();
    const queries = ["{ slow }", "{ a }", "{ b: a }"];
    wire.send(Buffer.concat(queries.map((query) => wireBytes(post(query)))));
    await toy.begun;
    toy.letGo();
    const bodies: string[] = [];
    for (const _ of queries) bodies.push((await wire.answer()).body.toString());
    expect(bodies).toEqual(['{"data":{"slow":"done"}}', '{"data":{"a":1}}', '{"data":{"b":1}}']);
  });

  test("a request that names the whole address, as proxies may, is answered like one that names the path", async () => {
    const wire = (await start(path)).wire();
    wire.send(wireBytes({ ...post("{ a }"), path: "http://toys.test/graphql" }));
    const { status, body } = await wire.answer();
    expect([status, body.toString()]).toEqual(["HTTP/1.1 200 OK", '{"data":{"a":1}}']);
  });

  test("what has arrived in full only after the deadline is not executed", async () => {
    const { wire, toy, calls } = await start(path, { requestTimeoutMs: 30 });
    const opened = wire();
    const bytes = wireBytes(post("mutation { set }"));
    opened.send(bytes.subarray(0, -5));
    // Nobody is told that the time is up before the answer can begin.
    await new Promise((resolve) => setTimeout(resolve, 200));
    opened.send(bytes.subarray(-5));
    const { status, body } = await opened.answer();
    expect(status).toBe("HTTP/1.1 408 Request Timeout");
    expect(JSON.parse(body.toString())).toEqual({
      errors: [
        {
          message: "The request's deadline passed before all of it had arrived.",
          extensions: { code: "DEADLINE_EXCEEDED" },
        },
      ],
    });
    expect(calls.set).toBe(0);
    expect(toy.requestLine()).toMatchObject({ status: 408, outcome: "error", errors: { DEADLINE_EXCEEDED: 1 } });
  });

  test.each([
    ["is too large", "application/json", 2_000_000, 413],
    ["is not JSON", "text/plain", 10, 415],
  ])("a request whose body %s leaves the connection to the next one", async (_, contentType, bytes, status) => {
    const wire = (await start(path)).wire();
    const odd = { "content-type": contentType };
    const body = "x".repeat(bytes);
    wire.send(wireBytes({ headers: { ...headers, ...odd }, body }));
    wire.send(wireBytes(post("{ a }")));
    expect((await wire.answer()).status).toContain(String(status));
    expect((await wire.answer()).body.toString()).toBe('{"data":{"a":1}}');
  });

  test("a client that waits for leave to send its body gets it", async () => {
    const wire = (await start(path)).wire();
    const body = JSON.stringify({ query: "{ a }" });
    const expecting = { ...headers, expect: "100-continue", "content-length": String(body.length) };
    wire.send(wireBytes({ headers: expecting }));
    expect((await wire.answer()).status).toBe("HTTP/1.1 100 Continue");
    wire.send(body);
    expect((await wire.answer()).body.toString()).toBe('{"data":{"a":1}}');
  });

  test("a body that comes byte by byte is read", async () => {
    const toy = await start(path);
    const wire = toy.wire();
    wire.socket.setNoDelay(true);
    for (const byte of wireBytes({ ...post("{ a } # é") })) {
      wire.send(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await wire.answer()).body.toString()).toBe('{"data":{"a":1}}');
  });

  test("a client that leaves while it sends its body leaves one line, and nothing unexpected", async () => {
    const { wire, toy } = await start(path);
    const opened = wire();
    const expecting = { ...headers, expect: "100-continue", "content-length": "100" };
    opened.send(wireBytes({ headers: expecting }));
    await opened.answer();
    opened.send("{");
    opened.socket.destroy();
    await expect.poll(() => requestLines(toy)).toBe(1);
    expect(toy.requestLine()).toMatchObject({ outcome: "aborted", status: 499 });
  });

  test("a client that leaves while its query runs stops it", async () => {
    const { wire, toy, begun } = await start(path);
    const opened = wire();
    opened.send(wireBytes(post("{ slow }")));
    const signal = await begun;
    const stopped = once(signal, "abort");
    opened.socket.destroy();
    await stopped;
    expect(signal.reason).toMatchObject({ name: "AbortError" });
    await expect.poll(() => requestLines(toy)).toBe(1);
    expect(toy.requestLine()).toMatchObject({ outcome: "aborted", status: 499 });
  });

  test("a client that leaves while several of its queries run stops all of them", async () => {
    const signals: AbortSignal[] = [];
    const slow = (_: unknown, __: unknown, { signal }: ToyContext) => {
      signals.push(signal);
      return once(signal, "abort").then(() => "stopped");
    };
    const { wire, toy } = await toyOn(path, "type Query { slow(n: Int): String }", { Query: { slow } });
    const opened = wire();
    opened.send(Buffer.concat([1, 2].map((n) => wireBytes(post(`{ slow(n: ${n}) }`)))));
    await expect.poll(() => signals.length).toBe(2);
    opened.socket.destroy();
    await expect.poll(() => signals.map(({ aborted }) => aborted)).toEqual([true, true]);
    await expect.poll(() => requestLines(toy)).toBe(2);
  });

  test("while the gateway closes, the answer closes the connection", async () => {
    const toy = await start(path);
    const wire = toy.wire();
    wire.send(wireBytes(post("{ slow }")));
    await toy.begun;
    const closed = toy.toy.gateway.close();
    toy.letGo();
    const { headers: sent } = await wire.answer();
    expect(sent.filter((line) => /^connection/i.test(line))).toEqual(["connection: close"]);
    await closed;
  });
});

test("all paths give the same bytes while the gateway closes", async () => {
  const answers: unknown[] = [];
  for (const path of pathNames) {
    const toy = await start(path);
    const running = toy.wire();
    running.send(wireBytes(post("{ slow }")));
    await toy.begun;
    // Sent on an open connection, and refused: the gateway takes no more.
    const closed = toy.toy.gateway.close();
    running.send(wireBytes(post("{ a }")));
    toy.letGo();
    answers.push(comparable(await running.answer()));
    await closed;
  }
  for (const answer of answers) expect(answer).toEqual(answers[0]);
});
