import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { postInit } from "tributary-testing/toy-gateway.ts";
import { expect, test } from "vitest";
import { news, newsToy } from "./support/news-toy.ts";
import { nextOf, transports } from "./support/transports.ts";

const subscription = "subscription { news { text } }";
const ask = (url: string, query: string, accept?: string) => fetch(url, postInit(query, accept ? { accept } : {}));

test("a subscription is a series of next events and a complete event, never cached or held back", async () => {
  const { source, url } = await newsToy();
  source.push(news("one"), news("two"));
  source.end();
  const response = await ask(url, subscription, "text/event-stream");
  expect(response.status).toBe(200);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    "content-type": "text/event-stream",
    "cache-control": "no-cache",
    "x-accel-buffering": "no",
    vary: "Accept, Accept-Encoding, Origin",
    "x-request-id": expect.any(String),
  });
  expect(await response.text()).toBe(
    ":\n\n" +
      'event: next\ndata: {"data":{"news":{"text":"one"}}}\n\n' +
      'event: next\ndata: {"data":{"news":{"text":"two"}}}\n\n' +
      "event: complete\ndata:\n\n",
  );
});

test("a GET subscribes too, as an EventSource asks", async () => {
  const { source, url } = await newsToy();
  source.end();
  const response = await fetch(`${url}?${new URLSearchParams({ query: subscription })}`, {
    headers: { accept: "text/event-stream" },
  });
  expect(await response.text()).toBe(":\n\nevent: complete\ndata:\n\n");
});

test.each([
  ["a document that does not fit the schema", "subscription { nothing }", "GRAPHQL_VALIDATION_FAILED"],
  ["a document that is not valid GraphQL", "subscription {", "GRAPHQL_PARSE_FAILED"],
  ["a variable that is missing", "subscription ($about: String!) { news(about: $about) { text } }", "BAD_USER_INPUT"],
])("%s is told in an event, with status 200", async (_, query, code) => {
  const { url } = await newsToy();
  const response = await ask(url, query, "text/event-stream");
  expect([response.status, response.headers.get("content-type")]).toEqual([
    200,
    expect.stringMatching(/^text\/event-stream/),
  ]);
  const [, next = "", complete] = (await response.text()).split("\n\n");
  expect(next.startsWith("event: next\ndata: ")).toBe(true);
  expect(JSON.parse(next.slice("event: next\ndata: ".length))).toMatchObject({ errors: [{ extensions: { code } }] });
  expect(complete).toBe("event: complete\ndata:");
});

test.each(["application/json", "application/graphql-response+json", "multipart/mixed", "application/json, */*"])(
  "a client that accepts %s is refused before anything runs, and told what to ask for",
  async (accept) => {
    const toy = await newsToy();
    const response = await ask(toy.url, subscription, accept);
    expect(response.status).toBe(406);
    const text = await response.text();
    for (const word of ["BAD_USER_INPUT", "text/event-stream", "graphql-transport-ws"]) expect(text).toContain(word);
    expect([toy.contexts(), toy.source.taken]).toEqual([0, 0]);
    expect(toy.requestLine()).toMatchObject({ operationType: "subscription", outcome: "error", status: 406 });
  },
);

test.each([
  undefined,
  "*/*",
  "text/*",
  "text/event-stream;q=0.1, application/json",
  "TEXT/EVENT-STREAM; charset=utf-8",
  "text/event-stream;incrementalSpec=v0.2",
  "text/event-stream;deferSpec=20220824, application/json",
])("a client that accepts %s gets events", async (accept) => {
  const { source, url } = await newsToy();
  source.end();
  const response = await ask(url, subscription, accept);
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  await response.body?.cancel();
});

test("silence is filled with comments, which keep proxies from closing the connection", async () => {
  const { source, url } = await newsToy({ subscriptions: { heartbeatMs: 5 } });
  const response = await ask(url, subscription, "text/event-stream");
  let text = "";
  for await (const chunk of response.body ?? []) {
    text += new TextDecoder().decode(chunk);
    if (text.startsWith(":\n\n:\n\n:\n\n")) source.end();
  }
  expect(text).toMatch(/^(:\n\n){3,}event: complete\ndata:\n\n$/);
});

test("a client that reads nothing holds its source back", async () => {
  const { source, url } = await newsToy();
  const large = "x".repeat(100_000);
  source.push(...Array.from({ length: 1_000 }, () => news(large)));
  const client = request(url, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "text/event-stream" },
  });
  client.end(JSON.stringify({ query: subscription }));
  const [response]: IncomingMessage[] = await once(client, "response");
  response?.once("readable", () => undefined);
  // Sockets take some before they are full: it is over when no more is taken for a while.
  for (let before = -1; before < source.taken; await new Promise((resolve) => setTimeout(resolve, 50)))
    before = source.taken;
  expect(source.taken).toBeLessThan(500);
  client.destroy();
  await source.returned;
});

test("more connections than the limit are refused with OVERLOADED, and one that ends makes room", async () => {
  const { source, url } = await newsToy({ subscriptions: { maxConnections: 1 } });
  const [sse] = transports;
  const first = sse?.subscribe(url, subscription);
  if (!first) throw new Error("no transport");
  const next = nextOf(first);
  await source.asked();
  const refused = await ask(url, subscription, "text/event-stream");
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "10"]);
  expect(await refused.text()).toContain("OVERLOADED");
  source.push(news("one"));
  await next;
  await first.return?.();
  await source.returned;
  const again = await ask(url, subscription, "text/event-stream");
  expect(again.status).toBe(200);
  await again.body?.cancel();
});
