import { once } from "node:events";
import { connect } from "node:net";
import { postInit, type ToyContext, type ToyGateway, toyGateway } from "tributary-testing/toy-gateway.ts";
import { describe, expect, test } from "vitest";

const sdl = "type Query { first: Node } type Node { next: Node value: String }";

/** A chain of lookups: each tells that it has begun, and the second waits for its signal. */
function chain() {
  const begun: string[] = [];
  const waiting = Promise.withResolvers<void>();
  const stopped = Promise.withResolvers<unknown>();
  const settled = Promise.withResolvers<void>();
  const wait = async ({ signal }: ToyContext) => {
    waiting.resolve();
    await once(signal, "abort");
    stopped.resolve(signal.reason);
    setImmediate(() => settled.resolve());
    return { node: true };
  };
  const toy = toyGateway(sdl, {
    Query: { first: () => ({}) },
    Node: {
      next: (_, __, context) => {
        begun.push("next");
        return begun.length === 1 ? wait(context) : {};
      },
      value: () => {
        begun.push("value");
        return "value";
      },
    },
  });
  return { toy, begun, waiting: waiting.promise, stopped: stopped.promise, settled: settled.promise };
}

const listen = (toy: ToyGateway) => toy.gateway.listen({ host: "127.0.0.1", port: 0 });

describe("when the client leaves", () => {
  test("a running lookup is stopped and no further resolver starts, over HTTP", async () => {
    const { toy, begun, waiting, stopped, settled } = chain();
    const { url } = await listen(toy);
    const client = new AbortController();
    const answer = fetch(url, postInit("{ first { next { next { value } } } }", { signal: client.signal }));
    await waiting;
    client.abort();
    await expect(answer).rejects.toThrow();
    expect(await stopped).toMatchObject({ name: "AbortError" });
    await settled;
    expect(begun).toEqual(["next"]);
  });

  test("in the middle of a stream, its deferred work is stopped, over HTTP", async () => {
    const { toy, begun, waiting, stopped, settled } = chain();
    const { url } = await listen(toy);
    const client = new AbortController();
    const query = "{ first { ... @defer { next { value } } } }";
    const response = await fetch(url, postInit(query, { signal: client.signal, accept: "multipart/mixed" }));
    await waiting;
    client.abort();
    expect(await stopped).toMatchObject({ name: "AbortError" });
    await settled;
    expect(begun).toEqual(["next"]);
    await expect(response.text()).rejects.toThrow();
  });

  test("the log says so, and calls nothing unexpected", async () => {
    const { toy, waiting, settled } = chain();
    const client = new AbortController();
    const answer = toy.post("{ first { next { value } } }", { signal: client.signal });
    await waiting;
    client.abort();
    await expect(answer).rejects.toThrow();
    await settled;
    expect(toy.requestLine()).toMatchObject({ outcome: "aborted", status: 499 });
    expect(toy.lines.filter(({ level }) => Number(level) >= 40)).toEqual([]);
  });

  test("a stream whose reader cancels it is stopped as well", async () => {
    const { toy, waiting, stopped } = chain();
    const response = await toy.post("{ first { ... @defer { next { value } } } }", { accept: "multipart/mixed" });
    const reader = response.body?.getReader();
    await reader?.read();
    await reader?.read();
    await waiting;
    await reader?.cancel();
    expect(await stopped).toMatchObject({ name: "AbortError" });
    expect(toy.requestLine()).toMatchObject({ outcome: "aborted", payloads: 1 });
  });

  test("a stream that is not read at that moment is stopped as well", async () => {
    const { toy } = chain();
    const client = new AbortController();
    await toy.post("{ first { ... @defer { next { value } } } }", { accept: "multipart/mixed", signal: client.signal });
    client.abort();
    expect(toy.requestLine()).toMatchObject({ outcome: "aborted", payloads: 0 });
  });

  test("while it still sends its body, nothing is executed or logged as unexpected", async () => {
    const { toy, begun } = chain();
    const { port } = await listen(toy);
    const socket = connect(port, "127.0.0.1");
    const headers = ["host: x", "content-type: application/json", "content-length: 100", "expect: 100-continue"];
    socket.write(`POST /graphql HTTP/1.1\r\n${headers.join("\r\n")}\r\n\r\n`);
    // The server asks for the body, so it has the request.
    await once(socket, "data");
    socket.write("{");
    socket.destroy();
    await toy.gateway.close();
    // The error of reading the body is noticed a few iterations after the connection has closed.
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(begun).toEqual([]);
    expect(toy.lines.filter(({ level }) => Number(level) >= 40)).toEqual([]);
  });
});
