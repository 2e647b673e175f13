import { once } from "node:events";
import { describe, expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { type PathName, pathNames, pathOptions } from "../gateway/paths/support/three-paths.ts";
import { countedToy } from "./support/counted-toy.ts";
import { rawAnswer } from "./support/raw-request.ts";

const app = "https://app.example.com";
const start = (path: PathName) => countedToy({ ...pathOptions[path], isProduction: true, corsOrigins: [app] });

/** Sends headers that `fetch` would not. */
const send = async (port: number, method: string, path: string, headers: Record<string, string>, body = "") => {
  const all = { host: "api.example.com", connection: "close", "content-length": String(body.length), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return rawAnswer(port, `${method} ${path} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n${body}`);
};

const crossSite = { "sec-fetch-site": "cross-site" };
const sameSite = { "sec-fetch-site": "same-site" };
const noCors = (dest: string) => ({ "sec-fetch-mode": "no-cors", "sec-fetch-dest": dest });
const frame = (dest: string) => ({ "sec-fetch-mode": "navigate", "sec-fetch-dest": dest });
const query = "/graphql?query=%7Ba%7D";
const subscription = "/graphql?query=subscription%7Bticks%7D";
const events = { accept: "text/event-stream" };
const evil = { origin: "https://evil.test", "sec-fetch-mode": "cors", ...crossSite };

/** Requests that a browser sends for a page of another origin without asking before. */
const refused: readonly (readonly [title: string, path: string, headers: Record<string, string>])[] = [
  ["an image", query, { ...crossSite, ...noCors("image") }],
  ["an image of a sibling domain", query, { ...sameSite, ...noCors("image") }],
  ["a script", query, { ...crossSite, ...noCors("script") }],
  ["a style sheet", query, { ...crossSite, ...noCors("style"), accept: "text/css,*/*;q=0.1" }],
  ["a prefetch", query, { ...crossSite, ...noCors("empty") }],
  ["a video", query, { ...crossSite, ...noCors("video") }],
  ["a frame", query, { ...crossSite, ...frame("iframe") }],
  ["a frame that wants HTML", query, { ...crossSite, ...frame("iframe"), accept: "text/html,*/*;q=0.8" }],
  ["an object", query, { ...crossSite, ...frame("object") }],
  ["an embed", query, { ...crossSite, ...frame("embed") }],
  ["a fetch of another origin", query, evil],
  ["a fetch of an older browser", query, { origin: "https://evil.test" }],
  ["a fetch of a sandboxed frame", query, { origin: "null", "sec-fetch-mode": "cors", ...crossSite }],
  ["an EventSource", subscription, { ...evil, ...events }],
  ["an image of a subscription", subscription, { ...crossSite, ...noCors("image"), ...events }],
];

describe.each(pathNames)("on the path %s, nothing runs for", (path) => {
  test.each(refused)("%s of another origin: 403", async (_, target, headers) => {
    const toy = await start(path);
    const answer = await send(toy.port, "GET", target, headers);
    expect(answer).toMatch(/^HTTP\/1.1 403 /);
    expect(answer).toContain('"code":"FORBIDDEN"');
    expect(answer.toLowerCase()).not.toContain("access-control-allow");
    expect(toy.runs).toBe(0);
  });

  test.each([
    "text/plain",
    "text/plain; a=application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/graphql",
    "application/json-patch+json",
    "application/jsonp",
    "text/json",
    "application/json, text/plain",
    "text/plain, application/json",
    "",
  ])("a POST of the content type %j: 415", async (type) => {
    const toy = await start(path);
    const answer = await send(toy.port, "POST", "/graphql", { "content-type": type, ...evil }, '{"query":"{a}"}');
    expect(answer).toMatch(/^HTTP\/1.1 415 /);
    expect(toy.runs).toBe(0);
  });

  test("a POST of JSON that no preflight came before", async () => {
    const toy = await start(path);
    const headers = { "content-type": "application/json", "sec-fetch-mode": "no-cors", ...crossSite };
    expect(await send(toy.port, "POST", "/graphql", headers, '{"query":"{a}"}')).toMatch(/^HTTP\/1.1 403 /);
    expect(toy.runs).toBe(0);
  });

  const mutation = "mutation M { set }";
  const asked = (parameters: Record<string, string>) => `/graphql?${new URLSearchParams(parameters)}`;

  test.each([
    ["alone", asked({ query: mutation }), {}],
    ["beside a query", asked({ query: `query Q { a } ${mutation}`, operationName: "M" }), {}],
    [
      "with the name of a query twice",
      `${asked({ query: `query Q { a } ${mutation}`, operationName: "M" })}&operationName=Q`,
      {},
    ],
    ["with another query after it", `${asked({ query: mutation })}&query=%7Ba%7D`, {}],
    [
      "of a method override",
      asked({ query: mutation }),
      { "x-http-method-override": "POST", "x-http-method": "POST", "x-method-override": "POST" },
    ],
    ["of a _method parameter", asked({ query: mutation, _method: "POST" }), {}],
    ["as an event stream", asked({ query: mutation }), events],
    ["as multipart", asked({ query: mutation }), { accept: "multipart/mixed" }],
    ["with a JSON body", asked({ query: mutation }), { "content-type": "application/json" }],
  ])("a mutation by GET %s", async (_, target, headers) => {
    const toy = await start(path);
    expect(await send(toy.port, "GET", target, headers)).toMatch(/^HTTP\/1.1 405 /);
    expect(toy.runs).toBe(0);
  });

  test.each(["HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "QUERY"])(
    "the method %s: 405",
    async (method) => {
      const toy = await start(path);
      const answer = await send(toy.port, method, asked({ query: mutation }), { "content-type": "application/json" });
      expect(answer).toMatch(/^HTTP\/1.1 405 /);
      expect(toy.runs).toBe(0);
    },
  );
});

describe.each(pathNames)("on the path %s, a query runs for", (path) => {
  test.each([
    ["a client that is no browser", {}],
    ["the page of this very origin", { "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors" }],
    ["a script of this very origin", { "sec-fetch-site": "same-origin", ...noCors("script") }],
    ["a page of an origin that is named", { ...evil, origin: app }],
    [
      "an address that was typed",
      { "sec-fetch-site": "none", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" },
    ],
    ["a link that was followed", { ...crossSite, "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" }],
  ] as const)("%s", async (_, headers) => {
    const toy = await start(path);
    expect(await send(toy.port, "GET", query, headers)).toMatch(/^HTTP\/1.1 200 /);
    expect(toy.runs).toBe(1);
  });
});

describe("a WebSocket of a page of another origin", () => {
  test.each([
    "https://evil.test",
    "null",
    "https://app.example.com.evil.test",
    "https://evilapp.example.com",
    "https://app.example.com.",
    "https://app.example.com:8443",
    "http://app.example.com",
    "https://APP.example.com/",
    "https://app.example.com@evil.test",
    "file://",
    "chrome-extension://app.example.com",
    "https://app.example.com https://evil.test",
  ])("%s is not opened", async (origin) => {
    const toy = await countedToy({ isProduction: true, corsOrigins: [app] });
    const socket = new WebSocket(toy.url.replace("http", "ws"), "graphql-transport-ws", { headers: { origin } });
    socket.on("error", () => undefined);
    onTestFinished(() => socket.terminate());
    const [, response] = await once(socket, "unexpected-response");
    expect(response.statusCode).toBe(403);
    expect(toy.runs).toBe(0);
  });
});

describe("CORS", () => {
  const preflight = (headers: Record<string, string>) => ({
    "access-control-request-method": "POST",
    "access-control-request-headers": "content-type",
    ...headers,
  });

  test.each([
    "null",
    "https://app.example.com.evil.test",
    "https://evilapp.example.com",
    "https://app.example.com.",
    "https://app.example.com:8443",
    "https://app.example.com:443",
    "http://app.example.com",
    "HTTPS://APP.EXAMPLE.COM",
    "https://app.example.com/",
    "https://app.example.com%00.evil.test",
    "https://app.example.com, https://evil.test",
    "https://a\u00e4pp.example.com",
    "*",
  ])("does not let %j ask", async (origin) => {
    const toy = await countedToy({ isProduction: true, corsOrigins: [app] });
    const answer = await send(toy.port, "OPTIONS", "/graphql", preflight({ origin }));
    expect(answer).toMatch(/^HTTP\/1.1 403 /);
    expect(answer.toLowerCase()).not.toContain("access-control-allow");
    expect(answer.toLowerCase()).toMatch(/\r\nvary: [^\r]*origin/);
  });

  test("gives no page of the internet access to a private network", async () => {
    const toy = await countedToy({ isProduction: false });
    const headers = preflight({ origin: "https://evil.test", "access-control-request-private-network": "true" });
    const answer = await send(toy.port, "OPTIONS", "/graphql", headers);
    expect(answer.toLowerCase()).not.toContain("access-control-allow-private-network");
  });

  test("never allows every origin, nor credentials to one that is not named", async () => {
    for (const isProduction of [true, false]) {
      const toy = await countedToy({ isProduction });
      const answer = await send(toy.port, "OPTIONS", "/graphql", preflight({ origin: "https://evil.test" }));
      expect(answer.toLowerCase()).not.toContain("access-control-allow-origin: *");
      expect(answer.toLowerCase()).not.toContain("access-control-allow-credentials");
    }
  });
});
