import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { connect } from "node:net";
import { createClient } from "graphql-ws";
import { startingToyGateway } from "tributary-testing/toy-gateway.ts";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { collectEvents } from "./support/collect.ts";
import { type NewsToy, news, newsToy } from "./support/news-toy.ts";
import { type ClientResults, nextOf, webSocketUrl } from "./support/transports.ts";

const subscription = "subscription { news { text } }";

function client(url: string) {
  const made = createClient({ url: webSocketUrl(url), retryAttempts: 0, lazyCloseTimeout: 60_000 });
  onTestFinished(() => void made.dispose());
  return made;
}

interface Message {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

/** A WebSocket without a client around it: messages as they are. */
async function rawSocket(url: string, headers: Record<string, string> = {}) {
  const socket = new WebSocket(webSocketUrl(url), "graphql-transport-ws", { headers });
  onTestFinished(() => socket.terminate());
  const messages: Message[] = [];
  const waiting: ((message: Message) => void)[] = [];
  socket.on("message", (data) => {
    const message: Message = JSON.parse(String(data));
    const next = waiting.shift();
    if (next) next(message);
    else messages.push(message);
  });
  await once(socket, "open");
  return {
    socket,
    send: (message: Message) => socket.send(JSON.stringify(message)),
    next(): Promise<Message> {
      const message = messages.shift();
      return message ? Promise.resolve(message) : new Promise((resolve) => waiting.push(resolve));
    },
    closed: once(socket, "close").then(([code, reason]) => [code, String(reason)]),
  };
}

async function initiated(url: string, headers?: Record<string, string>) {
  const raw = await rawSocket(url, headers);
  raw.send({ type: "connection_init" });
  expect(await raw.next()).toEqual({ type: "connection_ack" });
  return raw;
}

/** The headers of a request for a WebSocket. */
const handshake = {
  connection: "upgrade",
  upgrade: "websocket",
  "sec-websocket-version": "13",
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
  "sec-websocket-protocol": "graphql-transport-ws",
};

/** The status of a request for a WebSocket that is refused. */
function upgradeStatus(url: string, headers: Record<string, string>): Promise<[number | undefined, string]> {
  const { promise, resolve, reject } = Promise.withResolvers<[number | undefined, string]>();
  const asking = request(url, {
    headers: { ...handshake, ...headers },
  });
  asking.on("error", reject);
  asking.on("upgrade", (response, socket) => {
    socket.destroy();
    resolve([response.statusCode, ""]);
  });
  asking.on("response", async (response) => {
    const chunks = await collectEvents<Buffer>(response);
    resolve([response.statusCode, Buffer.concat(chunks).toString()]);
  });
  asking.end();
  return promise;
}

const requestLines = ({ lines }: NewsToy) => lines.filter(({ msg }) => msg === "request");

test("queries and mutations work as well, with one line in the log each and the connection's name in both", async () => {
  const toy = await newsToy();
  const { iterate } = client(toy.url);
  expect(await collectEvents(iterate({ query: "query Greet { hello }" }))).toEqual([{ data: { hello: "hello" } }]);
  expect(await collectEvents(iterate({ query: 'mutation { shout(text: "hi") }' }))).toEqual([
    { data: { shout: "HI" } },
  ]);
  const [query, mutation] = requestLines(toy);
  expect(query).toMatchObject({ operationName: "Greet", operationType: "query", outcome: "ok", status: 200 });
  expect(mutation).toMatchObject({ operationType: "mutation", connection: query?.connection });
  expect(mutation?.id).not.toBe(query?.id);
});

test.each([
  ["does not fit the schema", "{ nothing }", "GRAPHQL_VALIDATION_FAILED"],
  ["is not valid GraphQL", "{", "GRAPHQL_PARSE_FAILED"],
  ["nests deeper than the limit", `{ ${"a { ".repeat(200)}`, "LIMIT_EXCEEDED"],
])("a document that %s is refused with the code that HTTP gives", async (_, query, code) => {
  const { url } = await newsToy();
  const { send, next } = await initiated(url);
  send({ type: "subscribe", id: "1", payload: { query } });
  expect(await next()).toMatchObject({ type: "error", id: "1", payload: [{ extensions: { code } }] });
});

test("production closes introspection and suggestions", async () => {
  const { url } = await newsToy({ isProduction: true });
  const { send, next } = await initiated(url);
  send({ type: "subscribe", id: "1", payload: { query: "{ __schema { types { name } } }" } });
  const refused = await next();
  expect(refused.type).toBe("error");
  expect(JSON.stringify(refused)).toContain("Introspection is closed here");
  send({ type: "subscribe", id: "2", payload: { query: "{ helo }" } });
  expect(JSON.stringify(await next())).not.toContain("hello");
});

test("a query that its client wants no more is stopped", async () => {
  const toy = await newsToy();
  const { send, next } = await initiated(toy.url);
  send({ type: "subscribe", id: "1", payload: { query: "{ never }" } });
  const signal = await toy.neverAsked;
  send({ type: "complete", id: "1" });
  await once(signal, "abort");
  expect(signal.reason).toMatchObject({ name: "AbortError" });
  send({ type: "ping" });
  expect(await next()).toEqual({ type: "pong" });
  expect(requestLines(toy)).toMatchObject([{ operationType: "query", outcome: "aborted" }]);
});

test("a connection that is cut stops everything that runs on it", async () => {
  const toy = await newsToy();
  const { send, socket } = await initiated(toy.url);
  send({ type: "subscribe", id: "1", payload: { query: "{ never }" } });
  send({ type: "subscribe", id: "2", payload: { query: subscription } });
  const signal = await toy.neverAsked;
  await toy.source.asked();
  socket.terminate();
  await Promise.all([once(signal, "abort"), toy.source.returned]);
});

test("a gateway that shuts down completes what runs, and closes the connection with 1001", async () => {
  const toy = await newsToy();
  const { send, next, closed } = await initiated(toy.url);
  send({ type: "subscribe", id: "1", payload: { query: subscription } });
  await toy.source.asked();
  const down = toy.gateway.close();
  expect(await next()).toEqual({ type: "complete", id: "1" });
  expect(await closed).toEqual([1001, "Going away"]);
  await down;
});

test("a query that runs when the gateway shuts down is still answered", async () => {
  const toy = await newsToy({ requestTimeoutMs: 50 });
  const { send, next, closed } = await initiated(toy.url);
  send({ type: "subscribe", id: "1", payload: { query: "{ never }" } });
  await toy.neverAsked;
  const down = toy.gateway.close();
  expect(await next()).toMatchObject({
    type: "next",
    payload: { errors: [{ extensions: { code: "DEADLINE_EXCEEDED" } }] },
  });
  expect(await next()).toEqual({ type: "complete", id: "1" });
  expect(await closed).toEqual([1001, "Going away"]);
  await down;
});

test("a client that does not say what it wants is closed", async () => {
  const { url } = await newsToy({ subscriptions: { initTimeoutMs: 5 } });
  const { closed } = await rawSocket(url);
  expect(await closed).toEqual([4408, "Connection initialisation timeout"]);
});

test("a message larger than a body may be closes the connection, and is not logged as a failure of ours", async () => {
  const toy = await newsToy({ limits: { bodyBytes: 1_000 } });
  const { socket, closed } = await initiated(toy.url);
  socket.send("x".repeat(1_001));
  expect((await closed)[0]).toBe(1009);
  expect(toy.lines.filter(({ level }) => Number(level) >= 40)).toEqual([]);
});

test("a message that is no message closes the connection", async () => {
  const { url } = await newsToy();
  const { socket, closed } = await initiated(url);
  socket.send("hello");
  expect(await closed).toEqual([4400, "Invalid message received"]);
});

test.each(["connection_ack", "next", "error"])(
  "a message of the type %s, which only a server sends, closes the connection, and is not logged as a failure of ours",
  async (type) => {
    const toy = await newsToy();
    const { send, closed } = await initiated(toy.url);
    send({ type, id: "1", payload: [] });
    expect((await closed)[0]).toBe(4400);
    expect(toy.lines.filter(({ level }) => Number(level) >= 40)).toEqual([]);
  },
);

test("more operations than one connection may have are refused, and one that ends makes room", async () => {
  const toy = await newsToy({ subscriptions: { maxOperationsPerSocket: 1 } });
  const { send, next } = await initiated(toy.url);
  send({ type: "subscribe", id: "1", payload: { query: subscription } });
  await toy.source.asked();
  send({ type: "subscribe", id: "2", payload: { query: "{ hello }" } });
  expect(await next()).toMatchObject({ type: "error", id: "2", payload: [{ extensions: { code: "LIMIT_EXCEEDED" } }] });
  toy.source.end();
  expect(await next()).toEqual({ type: "complete", id: "1" });
  send({ type: "subscribe", id: "3", payload: { query: "{ hello }" } });
  expect(await next()).toMatchObject({ type: "next", id: "3" });
});

test.each([
  ["no key", { "sec-websocket-key": "" }, "Missing or invalid Sec-WebSocket-Key header."],
  ["another version", { "sec-websocket-version": "7" }, "Missing or invalid Sec-WebSocket-Version header."],
])(
  "a handshake with %s is refused as others are: with JSON, nosniff, a log line, and room for the next",
  async (_name, headers, message) => {
    const { url, lines } = await newsToy({ subscriptions: { maxConnections: 1 } });
    const { promise, resolve } = Promise.withResolvers<IncomingMessage>();
    request(url, { headers: { ...handshake, ...headers } }, resolve).end();
    const response = await promise;
    const body = Buffer.concat(await collectEvents<Buffer>(response)).toString();
    expect([response.statusCode, response.headers["x-content-type-options"]]).toEqual([400, "nosniff"]);
    expect(response.headers["sec-websocket-version"]).toBe("13, 8");
    expect(JSON.parse(body)).toEqual({ errors: [{ message, extensions: { code: "BAD_USER_INPUT" } }] });
    expect(lines.filter(({ msg }) => msg === "a WebSocket was refused")).toMatchObject([
      { status: 400, reason: message },
    ]);
    await expect.poll(async () => (await upgradeStatus(url, {}))[0]).toBe(101);
  },
);

test("more connections than the limit are refused with 503, and one that closes makes room", async () => {
  const { url } = await newsToy({ subscriptions: { maxConnections: 1 } });
  const { socket } = await initiated(url);
  const [status, body] = await upgradeStatus(url, {});
  expect([status, JSON.parse(body)]).toMatchObject([503, { errors: [{ extensions: { code: "OVERLOADED" } }] }]);
  socket.close();
  await once(socket, "close");
  await expect.poll(async () => (await upgradeStatus(url, {}))[0]).toBe(101);
});

test("a client that answers no ping is cut off", async () => {
  const { url } = await newsToy({ subscriptions: { heartbeatMs: 10 } });
  const socket = new WebSocket(webSocketUrl(url), "graphql-transport-ws", { autoPong: false });
  await once(socket, "ping");
  expect((await once(socket, "close"))[0]).toBe(1006);
});

test("a client that answers pings stays, however silent it is", async () => {
  const { url, source } = await newsToy({ subscriptions: { heartbeatMs: 100 } });
  const { send, next, socket } = await initiated(url);
  send({ type: "subscribe", id: "1", payload: { query: subscription } });
  for (let pings = 0; pings < 3; pings++) await once(socket, "ping");
  source.push(news("late"));
  expect(await next()).toMatchObject({ type: "next", payload: { data: { news: { text: "late" } } } });
});

test("a client that reads nothing holds its source back", async () => {
  const { url, source } = await newsToy();
  const { send, socket } = await initiated(url);
  const large = "x".repeat(100_000);
  source.push(...Array.from({ length: 1_000 }, () => news(large)));
  send({ type: "subscribe", id: "1", payload: { query: subscription } });
  socket.pause();
  // Sockets take some before they are full: it is over when no more is taken for a while.
  for (let before = -1; before < source.taken; await new Promise((resolve) => setTimeout(resolve, 50)))
    before = source.taken;
  expect(source.taken).toBeLessThan(500);
  socket.terminate();
  await source.returned;
});

test("a slow subscriber holds up no other one on another connection", async () => {
  const { url } = await newsToy();
  const { socket } = await initiated(url);
  socket.pause();
  expect(await collectEvents(client(url).iterate({ query: "{ hello }" }))).toEqual([{ data: { hello: "hello" } }]);
});

test("authorization may come in connection_init, where a page cannot set headers; others are not taken from there", async () => {
  const { url, lastScope } = await newsToy();
  const made = createClient({
    url: webSocketUrl(url),
    retryAttempts: 0,
    connectionParams: { Authorization: "Bearer x", "x-forwarded-user": "root", "x-tributary-calls": "1" },
  });
  onTestFinished(() => void made.dispose());
  const results = made.iterate({ query: "{ hello }" }) as ClientResults;
  expect(await nextOf(results)).toMatchObject({ extensions: { calls: [] } });
  expect(lastScope()?.headers.get("authorization")).toBe("Bearer x");
  expect(lastScope()?.headers.has("x-forwarded-user")).toBe(false);
});

test("what a proxy said about a client counts more than what the client says in connection_init", async () => {
  const { url, lastScope } = await newsToy();
  const { send, next } = await rawSocket(url, { authorization: "Bearer proxy" });
  send({ type: "connection_init", payload: { authorization: "Bearer client" } });
  await next();
  send({ type: "subscribe", id: "1", payload: { query: "{ hello }" } });
  await next();
  expect(lastScope()?.headers.get("authorization")).toBe("Bearer proxy");
});

test.each([
  ["a foreign page", "https://elsewhere.test", undefined],
  ["a page of this host", "http://atlas.test", "1"],
])("outside production %s may ask, with the cookies that it should have", async (_, origin, cookie) => {
  const { url, lastScope } = await newsToy();
  const { send, next } = await initiated(url, { origin, host: "atlas.test", cookie: "session=1" });
  send({ type: "subscribe", id: "1", payload: { query: "{ hello }" } });
  expect(await next()).toMatchObject({ type: "next", payload: { data: { hello: "hello" } } });
  expect(lastScope()?.cookies.get("session")).toBe(cookie);
});

const withOrigin = (origin: string, more: Record<string, string> = {}) => ({ origin, host: "atlas.test", ...more });

test.each([
  ["another host", withOrigin("https://evil.test")],
  ["a name that begins like ours", withOrigin("https://atlas.test.evil.test")],
  ["another port", withOrigin("https://atlas.test:8443")],
  ["a page without an origin", withOrigin("null")],
  ["nonsense", withOrigin("atlas.test")],
])("in production a page of %s gets no WebSocket", async (_, headers) => {
  const { url } = await newsToy({ isProduction: true });
  const [status, body] = await upgradeStatus(url, headers);
  expect([status, JSON.parse(body)]).toMatchObject([403, { errors: [{ extensions: { code: "FORBIDDEN" } }] }]);
});

test.each([
  ["a page of this host", withOrigin("https://atlas.test")],
  ["a page of this host on its port", withOrigin("http://atlas.test:8080", { host: "atlas.test:8080" })],
  [
    "a page behind a proxy that tells its name",
    withOrigin("https://atlas.test", { host: "10.0.0.1", "x-forwarded-host": "atlas.test" }),
  ],
  ["a program, which has no page", { host: "atlas.test" }],
])("in production %s gets a WebSocket", async (_, headers) => {
  const { url } = await newsToy({ isProduction: true, trustedProxies: ["127.0.0.1"] });
  expect((await upgradeStatus(url, headers))[0]).toBe(101);
});

test("other paths have no WebSocket", async () => {
  const { url } = await newsToy();
  expect((await upgradeStatus(url.replace("/graphql", "/health/live"), {}))[0]).toBe(404);
});

test("no WebSocket is opened before the gateway is ready", async () => {
  const toy = startingToyGateway("type Query { hello: String }", {});
  const { url } = await toy.gateway.listen({ host: "127.0.0.1", port: 0 });
  const [status, body] = await upgradeStatus(url, {});
  expect([status, JSON.parse(body)]).toMatchObject([503, { errors: [{ extensions: { code: "OVERLOADED" } }] }]);
  toy.gateway.markReady();
  expect((await upgradeStatus(url, {}))[0]).toBe(101);
});

test("a request that would rather be HTTP/2 is answered as it is", async () => {
  const { url } = await newsToy();
  const asking = request(`${url}?query={hello}`, {
    headers: { connection: "upgrade, http2-settings", upgrade: "h2c", "http2-settings": "AAMAAABkAAQAoAAAAAIAAAAA" },
  });
  asking.end();
  const [response]: IncomingMessage[] = await once(asking, "response");
  expect(response?.statusCode).toBe(200);
  response?.resume();
});

test("a refused client that keeps its side open does not hold up the shutdown", async () => {
  const toy = await newsToy({ isProduction: true });
  const socket = connect({ port: Number(new URL(toy.url).port), host: "127.0.0.1", allowHalfOpen: true });
  onTestFinished(() => void socket.destroy());
  socket.write(
    "GET /graphql HTTP/1.1\r\nhost: atlas.test\r\norigin: https://evil.test\r\nconnection: upgrade\r\n" +
      "upgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
  );
  const [answer] = await once(socket, "data");
  expect(String(answer)).toMatch(/^HTTP\/1.1 403 /);
  await toy.gateway.close();
});
