import { once } from "node:events";
import { connect } from "node:net";
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { wholeResponse } from "../../src/gateway/http/json-response.ts";
import { type ClientTimeouts, listen } from "../../src/gateway/http/node-server.ts";

const impatient = { headersMs: 30, requestMs: 60, checkEveryMs: 10, silenceMs: 100 };

type Handle = (request: Request) => Promise<Response>;

async function serve(patience?: ClientTimeouts, handle: Handle = async () => new Response("served")) {
  const address = { host: "127.0.0.1", port: 0 };
  const server = await listen(handle, address, pino({ level: "silent" }), patience);
  onTestFinished(() => server.close());
  return server.port;
}

test("a client that does not finish its headers is cut off", async () => {
  const socket = connect(await serve(impatient), "127.0.0.1");
  socket.write("GET / HTTP/1.1\r\nhost: x\r\n");
  const [answer] = await once(socket, "data");
  expect(String(answer)).toMatch(/^HTTP\/1.1 408 /);
  await once(socket, "close");
});

test("a body that an answer has no use for does not keep the next request waiting", async () => {
  const url = `http://127.0.0.1:${await serve()}/`;
  for (let time = 0; time < 2; time++) {
    const answer = await fetch(url, { method: "POST", body: "x".repeat(200_000) });
    expect(await answer.text()).toBe("served");
  }
});

test("a body that is being sent is cancelled when its client leaves", async () => {
  const cancelled = Promise.withResolvers<void>();
  const body = () =>
    new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode("begun")),
      cancel: () => cancelled.resolve(),
    });
  const socket = connect(await serve(undefined, async () => new Response(body())), "127.0.0.1");
  socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
  await once(socket, "data");
  socket.destroy();
  await cancelled.promise;
});

test("a body that nobody takes is not read on, and cancelled when its client leaves", async () => {
  let chunks = 0;
  const cancelled = Promise.withResolvers<void>();
  const endless = () =>
    new ReadableStream<Uint8Array>({
      pull: (controller) => {
        chunks += 1;
        controller.enqueue(new Uint8Array(100_000));
      },
      cancel: () => cancelled.resolve(),
    });
  const socket = connect(await serve(undefined, async () => new Response(endless())), "127.0.0.1");
  socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
  await once(socket, "readable");
  for (let before = -1; before < chunks; await new Promise((resolve) => setTimeout(resolve, 20))) before = chunks;
  expect(chunks * 100_000).toBeLessThan(100_000_000);
  socket.destroy();
  await cancelled.promise;
});

/** More than the two ends of a connection on this machine hold by themselves. */
const largeBytes = 60_000_000;

test.each([
  ["an answer in one piece", () => wholeResponse("x".repeat(largeBytes), {})],
  ["a stream", () => new Response(new Uint8Array(largeBytes))],
])("a client that takes nothing of %s is cut off", async (_what, respond) => {
  const cutOff = Promise.withResolvers<void>();
  const handle = async ({ signal }: Request) => {
    signal.addEventListener("abort", () => cutOff.resolve());
    return respond();
  };
  const socket = connect(await serve(impatient, handle), "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
  await once(socket, "readable");
  await cutOff.promise;
});

test("an answer that is being sent when the server closes is sent to its end", async () => {
  const address = { host: "127.0.0.1", port: 0 };
  const server = await listen(
    async () => wholeResponse("x".repeat(largeBytes), {}),
    address,
    pino({ level: "silent" }),
  );
  const socket = connect(server.port, "127.0.0.1");
  socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
  await once(socket, "readable");
  const closed = server.close();
  let bytes = 0;
  for await (const chunk of socket) bytes += chunk.length;
  expect(bytes).toBeGreaterThan(largeBytes);
  // Not held up by the connection, which is kept alive.
  await closed;
});

test("a connection that was opened ahead and has asked nothing does not hold up the end", async () => {
  const address = { host: "127.0.0.1", port: 0 };
  const server = await listen(async () => new Response("served"), address, pino({ level: "silent" }));
  const socket = connect(server.port, "127.0.0.1");
  await once(socket, "connect");
  // The server has the connection once it answers on a later one.
  await (await fetch(`http://127.0.0.1:${server.port}/`)).text();
  await server.close();
  socket.destroy();
});

test("a handler that fails is answered with 500, says nothing of the reason, and forbids sniffing", async () => {
  const lines: string[] = [];
  const server = await listen(
    async () => {
      throw new Error("secret");
    },
    { host: "127.0.0.1", port: 0 },
    pino({}, { write: (line: string) => lines.push(line) }),
  );
  onTestFinished(() => server.close());
  const response = await fetch(`http://127.0.0.1:${server.port}/`);
  expect(response.status).toBe(500);
  expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  expect(await response.json()).toEqual({
    errors: [{ message: "Unexpected error.", extensions: { code: "INTERNAL_SERVER_ERROR" } }],
  });
  expect(lines.join("")).toContain("secret");
});
