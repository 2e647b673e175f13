import { describe, expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import type { WireRequest } from "./paths/support/raw-exchange.ts";
import { comparable, type PathName, toyOn } from "./paths/support/three-paths.ts";
import { webSocketUrl } from "./subscriptions/support/transports.ts";

const sdl = "type Query { echo(text: String): String } type Subscription { echo(text: String): String }";
const start = (path: PathName = "fast") =>
  toyOn(path, sdl, {
    Query: { echo: (_, { text }) => text },
    Subscription: {
      echo: async function* (_, { text }) {
        yield { echo: text };
      },
    },
  });

const json = { accept: "application/json", "content-type": "application/json" };
const bodyOf = (text: Buffer): Buffer =>
  Buffer.concat([Buffer.from('{"query":"{ echo(text: \\"'), text, Buffer.from('\\") }"}')]);

/** Bytes of which some are not UTF-8: a decoder would put U+FFFD there. */
const invalid: readonly (readonly [title: string, bytes: Buffer])[] = [
  ["Latin-1", Buffer.from("é", "latin1")],
  ["a character that is cut off", Buffer.from("é").subarray(0, 1)],
  ["an overlong form", Buffer.from([0xc0, 0xaf])],
  ["half of a surrogate pair", Buffer.from([0xed, 0xa0, 0x80])],
  ["a number beyond Unicode", Buffer.from([0xf4, 0x90, 0x80, 0x80])],
  ["Windows-1252 in the middle", Buffer.concat([Buffer.from("Müller "), Buffer.from([0x93, 0x94]), Buffer.from("é")])],
];

const percent = (bytes: Buffer): string => [...bytes].map((byte) => `%${byte.toString(16)}`).join("");

describe.each(invalid)("%s is refused, not replaced", (_, bytes) => {
  test("in a body, in one piece and in chunks", async () => {
    for (const path of ["fast", "yoga"] as const) {
      const { ask } = await start(path);
      for (const isChunked of [false, true]) {
        const { status, body } = await ask({ headers: json, body: bodyOf(bytes), isChunked });
        expect(status).toMatch(/ 400 /);
        expect(JSON.parse(String(body))).toEqual({
          errors: [
            {
              message: "The request body has bytes that are not UTF-8. Send it as UTF-8.",
              extensions: { code: "BAD_USER_INPUT" },
            },
          ],
        });
      }
    }
  });

  test("in the address of a GET", async () => {
    const { wire } = await start();
    const opened = wire();
    opened.send(`GET /graphql?query={echo(text:%22${percent(bytes)}%22)} HTTP/1.1\r\nhost: x\r\n\r\n`);
    const { status, body } = await opened.answer();
    expect(status).toMatch(/ 400 /);
    expect(String(body)).toContain("The query string has bytes that are not UTF-8");
  });

  test("in the address of a GET without any encoding, which HTTP does not allow", async () => {
    const { wire } = await start();
    const opened = wire();
    const search = Buffer.concat([Buffer.from("query={echo(text:%22"), bytes, Buffer.from("%22)}")]);
    opened.send(Buffer.concat([Buffer.from("GET /graphql?"), search, Buffer.from(" HTTP/1.1\r\nhost: x\r\n\r\n")]));
    expect((await opened.answer()).status).toMatch(/ 400 /);
  });

  test("over a WebSocket, as text and as bytes", async () => {
    const { port } = await start();
    for (const binary of [false, true]) {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`, "graphql-transport-ws");
      onTestFinished(() => socket.terminate());
      const closed = Promise.withResolvers<number>();
      socket.on("close", closed.resolve);
      socket.on("open", () => socket.send('{"type":"connection_init"}'));
      socket.on("message", () =>
        socket.send(Buffer.concat([Buffer.from('{"type":"ping","payload":{"a":"'), bytes, Buffer.from('"}}')]), {
          binary,
        }),
      );
      expect(await closed.promise).toBe(1007);
    }
  });
});

const texts = ["é", "日本", "👩‍👩‍👧", "\u{10FFFF}", "\uFFFD", "a%b+c"];

test.each(texts)("%s comes back as it was sent, in a body and by GET", async (text) => {
  const request: WireRequest = { headers: json, body: bodyOf(Buffer.from(text)) };
  for (const path of ["fast", "yoga"] as const) {
    const { ask } = await start(path);
    expect(comparable(await ask(request)).body).toBe(JSON.stringify({ data: { echo: text } }));
  }
  const opened = (await start()).wire();
  const search = encodeURIComponent(`{echo(text:"${text}")}`);
  opened.send(`GET /graphql?query=${search} HTTP/1.1\r\nhost: x\r\naccept: application/json\r\n\r\n`);
  expect(String((await opened.answer()).body)).toBe(JSON.stringify({ data: { echo: text } }));
});

test("a percent sign that encodes nothing is a percent sign", async () => {
  const { wire } = await start();
  const opened = wire();
  opened.send("GET /graphql?query={echo(text:%22100%%22)} HTTP/1.1\r\nhost: x\r\naccept: application/json\r\n\r\n");
  expect(String((await opened.answer()).body)).toBe('{"data":{"echo":"100%"}}');
});

test("a byte order mark before a body, and before a message of a WebSocket, is skipped", async () => {
  const { port } = await start();
  const body = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bodyOf(Buffer.from("x"))]);
  for (const path of ["fast", "yoga"] as const)
    expect(String((await (await start(path)).ask({ headers: json, body })).body)).toBe('{"data":{"echo":"x"}}');
  const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`, "graphql-transport-ws");
  onTestFinished(() => socket.terminate());
  const answered = Promise.withResolvers<string>();
  socket.on("message", (data) => answered.resolve(String(data)));
  socket.on("open", () => socket.send('\uFEFF{"type":"connection_init"}'));
  expect(await answered.promise).toBe('{"type":"connection_ack"}');
});

test.each(["iso-8859-1", "utf-16", "utf-16le", "us-ascii", "windows-1252", '"latin1"', "utf-8;charset=latin1", ""])(
  "the charset %s is refused with 415, which names it",
  async (charset) => {
    const { ask } = await start();
    const headers = { ...json, "content-type": `application/json; charset=${charset}` };
    const { status, body } = await ask({ headers, body: '{"query":"{ echo }"}' });
    expect(status).toMatch(/ 415 /);
    expect(String(body)).toContain("A POST must be in UTF-8: the charset ");
  },
);

test("an empty operation name is none, by POST, by GET, as an event stream and over WebSocket", async () => {
  const { port } = await start();
  const url = `http://127.0.0.1:${port}/graphql`;
  const body = JSON.stringify({ query: "query A { echo }", operationName: "" });
  const posted = await fetch(url, { method: "POST", headers: json, body });
  expect(await posted.json()).toEqual({ data: { echo: null } });
  const got = await fetch(`${url}?query=query A{echo}&operationName=`, { headers: { accept: "application/json" } });
  expect(await got.json()).toEqual({ data: { echo: null } });
  const events = await fetch(url, {
    method: "POST",
    headers: { ...json, accept: "text/event-stream" },
    body: JSON.stringify({ query: "subscription A { echo }", operationName: "" }),
  });
  expect(await events.text()).toContain('{"data":{"echo":null}}');
  expect(await overSocket(webSocketUrl(url), { query: "query A { echo }", operationName: "" })).toMatchObject({
    type: "next",
    payload: { data: { echo: null } },
  });
});

test("a persisted query over WebSocket is told to come with its text, and the WebSocket stays open", async () => {
  const { port } = await start();
  const extensions = { persistedQuery: { version: 1, sha256Hash: "0".repeat(64) } };
  expect(await overSocket(`ws://127.0.0.1:${port}/graphql`, { extensions })).toMatchObject({
    type: "error",
    payload: [{ message: "PersistedQueryNotSupported", extensions: { code: "PERSISTED_QUERY_NOT_SUPPORTED" } }],
  });
});

/** The first message that answers this operation. */
async function overSocket(url: string, payload: object): Promise<unknown> {
  const socket = new WebSocket(url, "graphql-transport-ws");
  onTestFinished(() => socket.terminate());
  const answered = Promise.withResolvers<unknown>();
  socket.on("message", (data) => {
    const message = JSON.parse(String(data));
    if (message.type === "connection_ack") socket.send(JSON.stringify({ id: "1", type: "subscribe", payload }));
    else answered.resolve(message);
  });
  socket.on("close", (code) => answered.reject(new Error(`closed with ${code}`)));
  socket.on("open", () => socket.send('{"type":"connection_init"}'));
  return answered.promise;
}
