import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { collect, next, readMultipart } from "tributary-testing/read-stream.ts";
import { postInit, type ToyGateway, type ToyOptions, toyGateway } from "tributary-testing/toy-gateway.ts";
import { describe, expect, onTestFinished, test } from "vitest";

/** A gateway whose field waits until it is let go. */
function waitingGateway(options: ToyOptions = {}) {
  const begun = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<string>();
  const toy = toyGateway(
    "type Query { fast: String slow: String }",
    {
      Query: {
        fast: () => "fast",
        slow: () => {
          begun.resolve();
          return gate.promise;
        },
      },
    },
    options,
  );
  return { toy, begun: begun.promise, letGo: () => gate.resolve("done") };
}

const listen = ({ gateway }: ToyGateway) => gateway.listen({ host: "127.0.0.1", port: 0 });

describe("listen", () => {
  test("gives the address of the graph", async () => {
    const { toy } = waitingGateway();
    const { url, port } = await listen(toy);
    expect(url).toBe(`http://127.0.0.1:${port}/graphql`);
    expect(await (await fetch(url, postInit("{ fast }", {}))).json()).toEqual({ data: { fast: "fast" } });
  });

  test("a busy port is one line that names HOST and PORT", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void other.close());
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const { toy } = waitingGateway();
    await expect(toy.gateway.listen({ host: "127.0.0.1", port })).rejects.toThrow(
      `Cannot listen on HOST 127.0.0.1, PORT ${port}: the port is in use by another process.`,
    );
  });

  test("a host that is not this machine's is one line too", async () => {
    const { toy } = waitingGateway();
    await expect(toy.gateway.listen({ host: "192.0.2.1", port: 0 })).rejects.toThrow(
      "Cannot listen on HOST 192.0.2.1, PORT 0: this machine does not have the address.",
    );
  });
});

describe("closing", () => {
  test("a running request is finished, and a new one finds nobody", async () => {
    const { toy, begun, letGo } = waitingGateway();
    const { url } = await listen(toy);
    const answer = fetch(url, postInit("{ slow }", {}));
    await begun;
    const closed = toy.gateway.close();
    await expect(fetch(url, postInit("{ fast }", {}))).rejects.toThrow();
    letGo();
    const response = await answer;
    expect(response.headers.get("connection")).toBe("close");
    expect(await response.json()).toEqual({ data: { slow: "done" } });
    await closed;
  });

  test("a running stream is finished", async () => {
    const { toy, begun, letGo } = waitingGateway();
    const { url } = await listen(toy);
    const payloads = readMultipart(
      await fetch(url, postInit("{ fast ... @defer { slow } }", { accept: "multipart/mixed" })),
    );
    await next(payloads);
    await begun;
    const closed = toy.gateway.close();
    letGo();
    expect(await collect(payloads)).toMatchObject([{ incremental: [{ data: { slow: "done" } }], hasNext: false }]);
    await closed;
  });

  test("an idle connection is closed at once", async () => {
    const { toy } = waitingGateway();
    const { port } = await listen(toy);
    const socket = connect(port, "127.0.0.1");
    socket.write("GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n");
    await once(socket, "data");
    const ended = once(socket, "end");
    await toy.gateway.close();
    await ended;
  });

  test("waits no longer than it was allowed to", async () => {
    const { toy, begun } = waitingGateway({ drainTimeoutMs: 20, requestTimeoutMs: 60_000 });
    const { url } = await listen(toy);
    const answer = fetch(url, postInit("{ slow }", {}));
    answer.catch(() => {});
    await begun;
    await toy.gateway.close();
    await expect(answer).rejects.toThrow();
  });

  test("twice is the same as once", async () => {
    const { toy } = waitingGateway();
    await listen(toy);
    await Promise.all([toy.gateway.close(), toy.gateway.close()]);
  });

  test("a request without a socket is waited for as well", async () => {
    const { toy, begun, letGo } = waitingGateway();
    const answer = toy.ask("{ slow }");
    await begun;
    let isClosed = false;
    const closed = toy.gateway.close().then(() => {
      isClosed = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(isClosed).toBe(false);
    letGo();
    expect(await answer).toEqual({ data: { slow: "done" } });
    await closed;
  });
});

describe("retiring, while other processes serve the port", () => {
  const request = "GET /graphql?query=%7Bfast%7D HTTP/1.1\r\nhost: x\r\naccept: application/json\r\n\r\n";

  /** A connection that has been answered once, and is idle. */
  async function idleConnection(port: number) {
    const socket = connect(port, "127.0.0.1").setEncoding("utf8");
    onTestFinished(() => void socket.destroy());
    socket.write(request);
    expect(String(await once(socket, "data"))).toContain("Connection: keep-alive");
    return socket;
  }

  test("leaves an idle connection open, answers its next request, and closes it with that", async () => {
    const { toy } = waitingGateway({ retireTimeoutMs: 60_000 });
    const { port } = await listen(toy);
    const sockets = [await idleConnection(port), await idleConnection(port)];
    const retired = toy.gateway.retire();
    // The first turns of the event loop are for connections that wait to be accepted.
    const connectAnew = () =>
      fetch(`http://127.0.0.1:${port}/health/live`, { headers: { connection: "close" } }).then(
        () => "served",
        () => "refused",
      );
    await expect.poll(connectAnew).toBe("refused");
    for (const socket of sockets) {
      socket.write(request);
      let answer = "";
      for await (const text of socket) answer += text;
      expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
      expect(answer.toLowerCase()).toContain("connection: close\r\n");
      expect(answer).toContain('{"data":{"fast":"fast"}}');
    }
    await retired;
  });

  test("closes a connection that stays idle for longer than it waits", async () => {
    const { toy } = waitingGateway({ retireTimeoutMs: 20 });
    const { port } = await listen(toy);
    const ended = once(await idleConnection(port), "end");
    await toy.gateway.retire();
    await ended;
  });

  test("finishes what runs after that as closing does", async () => {
    const { toy, begun, letGo } = waitingGateway({ retireTimeoutMs: 0 });
    const { url } = await listen(toy);
    const answer = fetch(url, postInit("{ slow }", {}));
    await begun;
    const retired = toy.gateway.retire();
    letGo();
    expect(await (await answer).json()).toEqual({ data: { slow: "done" } });
    await retired;
  });

  test("without a port is closing", async () => {
    const { toy } = waitingGateway();
    await toy.gateway.retire();
    expect((await toy.post("{ fast }")).status).toBe(503);
  });
});
