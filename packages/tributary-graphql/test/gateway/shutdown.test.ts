import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { type ToyOptions, toyGateway } from "tributary-testing/toy-gateway.ts";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { WebSocket } from "ws";
import { runToy } from "./cluster/support/run-toy.ts";
import { KeptConnections } from "./support/kept-connections.ts";

vi.setConfig({ testTimeout: 60_000 });

async function start(options: ToyOptions = {}) {
  const toy = toyGateway(
    "type Query { a: Int slow: Int } type Subscription { ticks: Int }",
    {
      Query: { a: () => 1, slow: () => delay(5, 1) },
      Subscription: {
        async *ticks() {
          for (let ticks = 1; ; ticks++, await delay(5)) yield { ticks };
        },
      },
    },
    { idleGraceMs: 5_000, ...options },
  );
  const { url, port } = await toy.gateway.listen({ host: "127.0.0.1", port: 0 });
  return { ...toy, url, port };
}

const refused = (count: number) => Array.from({ length: count }, () => "refused");

describe("closing loses no request of clients that keep their connections, and connect anew when told to", () => {
  test.each(["{ a }", "{ slow }"])("fifty that send continuously: %s", async (query) => {
    const { gateway, url } = await start();
    const clients = new KeptConnections(url, 50, { query });
    await clients.answered(500);
    await gateway.close();
    expect((await clients.ends()).map(({ end }) => end)).toEqual(refused(50));
  });

  test("fifty that pause between their requests, each for another time", async () => {
    const { gateway, url } = await start();
    const clients = new KeptConnections(url, 50, { query: "{ slow }" }, (client) => client * 2);
    await clients.answered(300);
    await gateway.close();
    expect((await clients.ends()).map(({ end }) => end)).toEqual(refused(50));
  });

  test("fifty at the primary of two workers, by SIGTERM", async () => {
    const toy = await runToy();
    const clients = new KeptConnections(toy.url, 50, { query: "{ waitedMs(value: 5) }" });
    await clients.answered(500);
    toy.process.kill("SIGTERM");
    expect((await clients.ends()).map(({ end }) => end)).toEqual(refused(50));
    expect((await toy.exit).code).toBe(0);
  });
});

test("a connection that stays idle is closed after the grace, without a byte", async () => {
  const { gateway, port } = await start({ idleGraceMs: 50 });
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  socket.write("GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n");
  await once(socket, "data");
  const later: Buffer[] = [];
  socket.on("data", (chunk) => later.push(chunk));
  const ended = once(socket, "end");
  await gateway.close();
  await ended;
  expect(later).toEqual([]);
});

test("while it closes, readiness says so over a connection that was kept, and requests are answered", async () => {
  const { gateway, port } = await start();
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  socket.write("GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n");
  await once(socket, "data");
  const other = connect(port, "127.0.0.1");
  await once(other, "connect");
  other.write("GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n");
  await once(other, "data");
  const closed = gateway.close();
  // The first turns of the event loop are for connections that wait to be accepted; nobody is sent away yet.
  let ready = "";
  while (!/connection: close/i.test(ready)) {
    socket.write("GET /health/ready HTTP/1.1\r\nhost: x\r\n\r\n");
    ready = String((await once(socket, "data"))[0]);
    expect(ready).toMatch(/^HTTP\/1\.1 503 .*\{"status":"draining"\}$/is);
  }
  other.write("GET /graphql?query={a} HTTP/1.1\r\nhost: x\r\naccept: application/json\r\n\r\n");
  const answer = await once(other, "data");
  expect(String(answer[0])).toMatch(/^HTTP\/1\.1 200 .*connection: close.*\{"data":\{"a":1\}\}$/is);
  await closed;
});

test("subscribers get their closing frames: a complete event and the end, and complete and 1001", async () => {
  const { gateway, url, port } = await start();
  const events = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "text/event-stream" },
    body: '{"query":"subscription { ticks }"}',
  });
  const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`, "graphql-transport-ws");
  const idle = new WebSocket(`ws://127.0.0.1:${port}/graphql`, "graphql-transport-ws");
  onTestFinished(() => [socket, idle].forEach((each) => void each.terminate()));
  const messages: { type: string }[] = [];
  const ticking = Promise.withResolvers<void>();
  socket.on("open", () => socket.send('{"type":"connection_init"}'));
  socket.on("message", (data) => {
    const message = JSON.parse(String(data));
    messages.push(message);
    if (message.type === "connection_ack")
      socket.send('{"id":"1","type":"subscribe","payload":{"query":"subscription { ticks }"}}');
    if (message.type === "next") ticking.resolve();
  });
  const codes = Promise.all([socket, idle].map(async (each) => (await once(each, "close"))[0]));
  await once(idle, "open");
  await ticking.promise;
  await gateway.close();
  expect(await codes).toEqual([1001, 1001]);
  expect(messages.at(-1)).toEqual({ id: "1", type: "complete" });
  expect(await events.text()).toMatch(/event: complete\ndata:\n\n$/);
});
