import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { postInit, type ToyOptions, toyGateway } from "tributary-testing/toy-gateway.ts";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";

/** A gateway in a server that somebody else made, which has a route of its own. */
async function inOwnServer(options: ToyOptions = {}) {
  const held = Promise.withResolvers<string>();
  const entered = Promise.withResolvers<void>();
  const toy = toyGateway(
    "type Query { fast: String slow: String held: String }",
    {
      Query: {
        fast: () => "fast",
        slow: () => delay(5, "slow"),
        held: () => {
          entered.resolve();
          return held.promise;
        },
      },
    },
    options,
  );
  const { gateway } = toy;
  const server = createServer((request, response) => {
    if (request.url === "/own") response.end("own");
    else gateway.handle(request, response);
  });
  server.on("upgrade", gateway.upgrade);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/graphql`;
  const post = (query: string, accept = "application/json") => fetch(url, postInit(query, { accept }));
  return { ...toy, server, url, post, entered: entered.promise, release: () => held.resolve("held") };
}

async function openWebSocket(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url.replace("http:", "ws:"), "graphql-transport-ws");
  onTestFinished(() => socket.terminate());
  await once(socket, "open");
  socket.send('{"type":"connection_init"}');
  await once(socket, "message");
  return socket;
}

test("a server of one's own answers by the gateway what it does not answer itself", async () => {
  const { url, post } = await inOwnServer();
  expect(await (await post("{ fast slow }")).json()).toEqual({ data: { fast: "fast", slow: "slow" } });
  expect(await (await fetch(new URL("/own", url))).text()).toBe("own");
  expect((await fetch(new URL("/health/ready", url))).status).toBe(200);
  expect((await fetch(new URL("/nowhere", url))).status).toBe(404);
});

test("what is deferred comes as a stream", async () => {
  const { post } = await inOwnServer();
  const streamed = await (await post("{ fast ... @defer { slow } }", "multipart/mixed")).text();
  expect(streamed).toContain('{"data":{"fast":"fast"},"hasNext":true}');
  expect(streamed).toContain('"data":{"slow":"slow"}');
});

test.each([
  [["127.0.0.1"], 101],
  [[], 403],
])(
  "with trustedProxies %j a proxy's X-Forwarded-Host opens a WebSocket to its pages, or does not: %i",
  async (trustedProxies, status) => {
    const { url } = await inOwnServer({ trustedProxies, corsOrigins: [] });
    const headers = { origin: "https://shop.example", "x-forwarded-host": "shop.example" };
    const socket = new WebSocket(url.replace("http:", "ws:"), "graphql-transport-ws", { headers });
    onTestFinished(() => socket.terminate());
    const refused = once(socket, "unexpected-response").then(([, response]) => response.statusCode);
    const opened = once(socket, "upgrade").then(([response]) => response.statusCode);
    expect(await Promise.race([refused, opened])).toBe(status);
  },
);

test("closing the gateway closes WebSockets, and waits for what runs", async () => {
  const { gateway, url, post, entered, release } = await inOwnServer();
  const idle = await openWebSocket(url);
  const running = post("{ held }");
  await entered;
  const idleClosed = once(idle, "close");
  let isClosed = false;
  const closed = gateway.close().then(() => {
    isClosed = true;
  });
  expect((await idleClosed)[0]).toBe(1001);
  expect(isClosed).toBe(false);
  release();
  const answer = await running;
  expect(answer.headers.get("connection")).toBe("close");
  expect(await answer.json()).toEqual({ data: { held: "held" } });
  await closed;
});

test("a request that comes after the gateway has closed is told so, and opens no WebSocket", async () => {
  const { gateway, url, post } = await inOwnServer();
  await gateway.close();
  expect((await post("{ fast }")).status).toBe(503);
  const late = new WebSocket(url.replace("http:", "ws:"), "graphql-transport-ws");
  const [, response] = await once(late, "unexpected-response");
  expect(response.statusCode).toBe(503);
});
