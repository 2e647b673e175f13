import { once } from "node:events";
import { createServer as createTcpServer } from "node:net";
import { promisify } from "node:util";
import * as zlib from "node:zlib";
import fc from "fast-check";
import { createScope, open, serve } from "tributary-testing/rest-service.ts";
import { describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import type { Upstream, UpstreamOptions } from "../../src/rest/upstream.ts";

const read = (upstream: Upstream, path: `/${string}` = "/text") =>
  upstream.get(createScope(), { call: "text", keys: 1, path, body: z.any() });

async function serviceWith(
  headers: Record<string, string>,
  body: Uint8Array | string,
  options: Partial<UpstreamOptions> = {},
) {
  return serve((_request, response) => response.writeHead(200, headers).end(body), options);
}

const encoders: readonly [string, (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>][] = [
  ["gzip", promisify(zlib.gzip)],
  ["x-gzip", promisify(zlib.gzip)],
  ["GZIP", promisify(zlib.gzip)],
  ["deflate", promisify(zlib.deflate)],
  ["deflate", promisify(zlib.deflateRaw)],
  ["br", (bytes) => zlib.brotliCompressSync(bytes, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } })],
  ["zstd", promisify(zlib.zstdCompress)],
  ["identity", (bytes) => bytes],
  ["", (bytes) => bytes],
];

const value = { name: "Tromsø, 東京, 🚀", rows: Array.from({ length: 500 }, (_, index) => index) };
const plain = Buffer.from(JSON.stringify(value));

describe("a compressed body", () => {
  test("is requested in the encodings that can be decoded, by GET and by POST", async () => {
    const asked: (string | undefined)[] = [];
    const upstream = await serve((request, response) => {
      asked.push(request.headers["accept-encoding"]);
      response.end("1");
    });
    await read(upstream);
    await upstream.post(createScope(), { call: "text", keys: 1, path: "/text", body: z.any(), json: 1 });
    expect(asked).toEqual(Array(2).fill("gzip, deflate, br, zstd"));
  });

  test.each(encoders)("in %j is read", async (encoding, encode) => {
    const upstream = await serviceWith({ "content-encoding": encoding }, await encode(plain));
    expect((await read(upstream)).body).toEqual(value);
  });

  test("in several encodings, one inside the other, is read", async () => {
    const body = zlib.gzipSync(zlib.brotliCompressSync(plain));
    const upstream = await serviceWith({ "content-encoding": "identity, br, gzip" }, body);
    expect((await read(upstream)).body).toEqual(value);
  });

  test("in more than three encodings is refused", async () => {
    const body = [1, 2, 3, 4].reduce<Uint8Array>((bytes) => zlib.gzipSync(bytes), plain);
    const upstream = await serviceWith({ "content-encoding": "gzip, gzip, gzip, gzip" }, body);
    await expect(read(upstream)).rejects.toMatchObject({
      code: "UPSTREAM_INVALID_RESPONSE",
      message: expect.stringContaining("it has 4 content encodings, expected at most 3"),
    });
  });

  test.each(["compress", "lzma", "gzip;q=1", "utf-8"])(
    "in the unknown encoding %j is refused by name",
    async (encoding) => {
      const upstream = await serviceWith({ "content-encoding": encoding }, plain);
      await expect(read(upstream)).rejects.toMatchObject({
        code: "UPSTREAM_INVALID_RESPONSE",
        source: "cities",
        message: `The service cities sent an invalid response to /text: its content encoding is ${JSON.stringify(encoding)}, expected one of gzip, deflate, br, zstd.`,
      });
    },
  );

  test.each(encoders.slice(0, 7))("that is truncated or invalid %j is refused", async (encoding, encode) => {
    const bytes = await encode(plain);
    for (const broken of [bytes.subarray(0, bytes.length - 12), Buffer.from("[1,2,3]")]) {
      const upstream = await serviceWith({ "content-encoding": encoding }, broken);
      await expect(read(upstream)).rejects.toMatchObject({
        code: "UPSTREAM_INVALID_RESPONSE",
        message: expect.stringContaining(`its body is not valid ${encoding.toLowerCase()}, or is cut off`),
      });
    }
  });

  test.each(encoders.slice(0, 7))(
    "in %j that decompresses to more than the limit is refused, in bounded memory",
    async (encoding, encode) => {
      const bomb = await encode(Buffer.alloc(64 * 1024 * 1024, " "));
      const upstream = await serviceWith({ "content-encoding": encoding }, bomb, { maxBodyBytes: 1024 * 1024 });
      const before = process.memoryUsage.rss();
      await expect(read(upstream)).rejects.toMatchObject({
        code: "UPSTREAM_INVALID_RESPONSE",
        message: expect.stringContaining("its body exceeds 1048576 bytes (maxBodyBytes)"),
      });
      expect(process.memoryUsage.rss() - before).toBeLessThan(40 * 1024 * 1024);
    },
  );

  test("of exactly the limit is read", async () => {
    const body = JSON.stringify("x".repeat(998));
    const upstream = await serviceWith({ "content-encoding": "gzip" }, zlib.gzipSync(body), { maxBodyBytes: 1000 });
    expect((await read(upstream)).body).toHaveLength(998);
  });

  test("that is compressed and empty is an empty body", async () => {
    const upstream = await serviceWith({ "content-encoding": "gzip" }, "");
    await expect(read(upstream)).rejects.toMatchObject({ message: expect.stringContaining("its body is empty") });
  });

  test("is stored decoded, and a 304 for it needs no body", async () => {
    const asked: (string | undefined)[] = [];
    const upstream = await serve((request, response) => {
      asked.push(request.headers["if-none-match"]);
      response.setHeader("etag", '"v1"');
      if (request.headers["if-none-match"]) response.writeHead(304).end();
      else response.writeHead(200, { "content-encoding": "br" }).end(zlib.brotliCompressSync(plain));
    });
    for (const _ of Array(2)) expect((await read(upstream)).body).toEqual(value);
    expect(asked).toEqual([undefined, '"v1"']);
  });
});

describe("a body's charset", () => {
  const json = "application/json";
  const text = '{"name":"Ærø, café"}';
  const utf16 = (bigEndian: boolean, mark: boolean) => {
    const bytes = Buffer.from((mark ? "\ufeff" : "") + text, "utf16le");
    return bigEndian ? bytes.swap16() : bytes;
  };

  test.each<[string, string | undefined, Buffer]>([
    ["UTF-8 without a word", undefined, Buffer.from(text)],
    ["UTF-8 without a charset", json, Buffer.from(text)],
    ["UTF-8 by name", `${json}; charset=utf-8`, Buffer.from(text)],
    ["UTF-8 by another name, in quotes", `${json};Charset="UTF8"`, Buffer.from(text)],
    ["UTF-8 with a mark", json, Buffer.from(`\ufeff${text}`)],
    ["UTF-8 with a mark, and another name", `${json}; charset=iso-8859-1`, Buffer.from(`\ufeff${text}`)],
    ["Latin-1", `${json}; charset=iso-8859-1`, Buffer.from(text, "latin1")],
    ["Latin-1 by another name", `text/json; boundary=x; charset=latin1; q=1`, Buffer.from(text, "latin1")],
    ["Latin-9", `${json}; charset=ISO-8859-15`, Buffer.from(text, "latin1")],
    ["UTF-16 with a mark, little end first", json, utf16(false, true)],
    ["UTF-16 with a mark, big end first", json, utf16(true, true)],
    ["UTF-16 without a mark, little end first", json, utf16(false, false)],
    ["UTF-16 without a mark, big end first", json, utf16(true, false)],
    ["UTF-16 by name", `${json}; charset=utf-16`, utf16(true, true)],
  ])("%s is read", async (_name, contentType, body) => {
    const upstream = await serviceWith(contentType === undefined ? {} : { "content-type": contentType }, body);
    expect((await read(upstream)).body).toEqual({ name: "Ærø, café" });
  });

  test.each([
    ["windows-1252", [0x80, 0x93, 0xe9], "€“é"],
    ["shift_jis", [0x93, 0x8c, 0x8b, 0x9e], "東京"],
    ["gb18030", [0xb6, 0xab, 0xbe, 0xa9], "东京"],
    ["koi8-r", [0xed, 0xcf, 0xd3, 0xcb, 0xd7, 0xc1], "Москва"],
    ["iso-2022-jp", [0x1b, 0x24, 0x42, 0x45, 0x6c, 0x35, 0x7e, 0x1b, 0x28, 0x42], "東京"],
  ])("%s is read", async (charset, bytes, expected) => {
    const body = Buffer.concat([Buffer.from('"'), Buffer.from(bytes), Buffer.from('"')]);
    const upstream = await serviceWith({ "content-type": `${json}; charset=${charset}` }, body);
    expect((await read(upstream)).body).toBe(expected);
  });

  test.each<[string, string, readonly number[], string]>([
    ["Latin-1 that calls itself nothing", json, [0x22, 0xe9, 0x22], "its body is not valid utf-8"],
    ["a cut off character", json, [0x22, 0xc3], "its body is not valid utf-8"],
    ["a surrogate", json, [0x22, 0xed, 0xa0, 0x80, 0x22], "its body is not valid utf-8"],
    ["an overlong character", json, [0x22, 0xc0, 0xaf, 0x22], "its body is not valid utf-8"],
    ["half a character of UTF-16", json, [0xff, 0xfe, 0x22], "its body is not valid utf-16le"],
    ["a lone surrogate of UTF-16", json, [0xff, 0xfe, 0x22, 0, 0, 0xd8, 0x22, 0], "its body is not valid utf-16le"],
    ["UTF-32", json, [0, 0, 0, 0x31], 'its charset "utf-32" is not known'],
    ["UTF-32 with a mark", json, [0xff, 0xfe, 0, 0, 0x31, 0, 0, 0], 'its charset "utf-32" is not known'],
    ["an unknown charset", `${json}; charset=klingon`, [0x31], 'its charset "klingon" is not known'],
    ["UTF-7", `${json}; charset=utf-7`, [0x31], 'its charset "utf-7" is not known'],
    [
      "UTF-8 that is declared as ASCII",
      `${json}; charset=us-ascii`,
      [0x22, 0xc3, 0xa9, 0x22],
      "its body is not valid us-ascii",
    ],
  ])("%s is refused, and no character is replaced", async (_name, contentType, bytes, issue) => {
    const upstream = await serviceWith({ "content-type": contentType }, Buffer.from(bytes));
    await expect(read(upstream)).rejects.toMatchObject({
      code: "UPSTREAM_INVALID_RESPONSE",
      source: "cities",
      message: `The service cities sent an invalid response to /text: ${issue}.`,
    });
  });

  test("ASCII is read, and of two content types the first one is used", async () => {
    const ascii = await serviceWith({ "content-type": `${json}; charset=US-ASCII` }, '"a"');
    expect((await read(ascii)).body).toBe("a");
    const two = await serve((_request, response) => {
      const types = [`${json}; charset=iso-8859-1`, `${json}; charset=utf-8`];
      for (const type of types) response.appendHeader("content-type", type);
      response.end(Buffer.from('"é"', "latin1"));
    });
    expect((await read(two)).body).toBe("é");
  });

  test("any text is read as it was sent, and any bytes are read as JSON or refused", async () => {
    let body = Buffer.alloc(0);
    const upstream = await serve((_request, response) => response.end(body));
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string({ unit: "binary" }), fc.uint8Array({ minLength: 1 })), async (sent) => {
        body = typeof sent === "string" ? Buffer.from(JSON.stringify(sent)) : Buffer.from([0x22, ...sent, 0x22]);
        const got: unknown = await read(upstream).then(
          (response) => response.body,
          () => "refused",
        );
        if (typeof sent === "string") expect(got).toBe(sent);
        else if (got !== "refused") expect(String(got)).not.toContain("\ufffd");
      }),
      { seed: 20261130, numRuns: 200 },
    );
  });
});

/** A TCP server that sends these bytes back to each request of a connection. */
async function rawService(responses: readonly string[], options: Partial<UpstreamOptions> = {}) {
  let calls = 0;
  let connections = 0;
  const server = createTcpServer((socket) => {
    connections++;
    socket.on("error", () => undefined);
    socket.on("data", () => {
      const sent = responses[Math.min(calls++, responses.length - 1)] ?? "";
      if (sent === "close") socket.destroy();
      else if (sent === "reset") socket.resetAndDestroy();
      else if (sent.endsWith("<close>")) socket.end(sent.slice(0, -"<close>".length));
      else socket.write(sent);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const upstream = open({
    baseUrl: `http://127.0.0.1:${address.port}`,
    maxConcurrency: 1,
    timeoutMs: 10_000,
    ...options,
  });
  return { upstream, calls: () => calls, connections: () => connections };
}

const ok = "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n[1]";

describe("a response that is not valid HTTP", () => {
  test.each<[string, string, string, string]>([
    [
      "is shorter than its content-length",
      "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n[1]<close>",
      "UPSTREAM_UNAVAILABLE",
      "did not complete its response to /text",
    ],
    [
      "ends within a chunk",
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n[1]<close>",
      "UPSTREAM_UNAVAILABLE",
      "did not complete its response to /text",
    ],
    [
      "ends between chunks",
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\n[1]\r\n<close>",
      "UPSTREAM_UNAVAILABLE",
      "did not complete its response to /text",
    ],
    [
      "switches to another protocol",
      "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n",
      "UPSTREAM_INVALID_RESPONSE",
      "it is not valid HTTP",
    ],
    ["is of another protocol", "SSH-2.0-OpenSSH_9.9\r\n", "UPSTREAM_INVALID_RESPONSE", "it is not valid HTTP"],
    [
      "has two lengths",
      "HTTP/1.1 200 OK\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\n[1]",
      "UPSTREAM_INVALID_RESPONSE",
      "it is not valid HTTP",
    ],
    ["is a 304 without a condition", "HTTP/1.1 304 Not Modified\r\n\r\n", "UPSTREAM_INVALID_RESPONSE", "status 304"],
    ["has no content", "HTTP/1.1 204 No Content\r\n\r\n", "UPSTREAM_INVALID_RESPONSE", "status 204"],
    ["is empty", "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", "UPSTREAM_INVALID_RESPONSE", "its body is empty"],
    [
      "is a part",
      "HTTP/1.1 206 Partial Content\r\ncontent-length: 1\r\n\r\n1",
      "UPSTREAM_INVALID_RESPONSE",
      "status 206",
    ],
    ["never comes", "", "UPSTREAM_UNAVAILABLE", "did not respond within 500 ms"],
    ["stays at its headers", "HTTP/1.1 200 OK\r\nx-a: 1\r\n", "UPSTREAM_UNAVAILABLE", "did not respond within 500 ms"],
    [
      "is only an interim response",
      "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n",
      "UPSTREAM_UNAVAILABLE",
      "did not respond within 500 ms",
    ],
  ])("that %s is an error that says so", async (_name, sent, code, what) => {
    const { upstream, calls } = await rawService([sent], what.includes("500 ms") ? { timeoutMs: 500 } : {});
    await expect(read(upstream)).rejects.toMatchObject({
      code,
      source: "cities",
      message: expect.stringContaining(what),
    });
    expect(calls()).toBe(1);
  });

  test("an interim response before the response is skipped", async () => {
    const { upstream } = await rawService([`HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n${ok}`]);
    expect((await read(upstream)).body).toEqual([1]);
  });

  test("without a length ends with its connection", async () => {
    const { upstream } = await rawService(["HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n[1]<close>"]);
    expect((await read(upstream)).body).toEqual([1]);
  });

  test("headers above the limit are refused, with the limit and its option; a higher limit allows them", async () => {
    const headers = `HTTP/1.1 200 OK\r\ncontent-length: 3\r\n${Array.from({ length: 600 }, (_, index) => `x-${index}: ${"y".repeat(30)}\r\n`).join("")}\r\n[1]`;
    const { upstream } = await rawService([headers]);
    await expect(read(upstream)).rejects.toMatchObject({
      code: "UPSTREAM_INVALID_RESPONSE",
      message: "The service cities sent an invalid response to /text: its headers exceed 16384 bytes (maxHeaderBytes).",
    });
    const higher = await rawService([headers], { maxHeaderBytes: 64 * 1024 });
    expect((await read(higher.upstream)).body).toEqual([1]);
  });

  test("a body that arrives byte by byte is ended by `timeoutMs`", async () => {
    const upstream = await serve(
      (request, response) => {
        const drip = setInterval(() => response.write(" "), 20);
        request.on("close", () => clearInterval(drip));
      },
      { timeoutMs: 200 },
    );
    await expect(read(upstream)).rejects.toMatchObject({
      message: "The service cities did not respond within 200 ms.",
    });
  });
});

describe("a connection that was closed while it was idle", () => {
  test.each(["close", "reset"])("(%s) does not fail the call: a GET is sent once more", async (end) => {
    const { upstream, calls, connections } = await rawService([ok, end, ok]);
    for (const path of ["/1", "/2"] as const) expect((await read(upstream, path)).body).toEqual([1]);
    expect([calls(), connections()]).toEqual([3, 2]);
  });

  test.each(["close", "reset"])("(%s) is retried only once", async (end) => {
    const { upstream, calls } = await rawService([ok, end]);
    await read(upstream, "/1");
    await expect(read(upstream, "/2")).rejects.toMatchObject({ message: "The service cities cannot be reached." });
    expect(calls()).toBe(3);
  });

  test("a new connection that is closed at once is not retried, and a POST never is", async () => {
    const first = await rawService(["close"]);
    await expect(read(first.upstream)).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE" });
    expect(first.calls()).toBe(1);
    const post = await rawService([ok, "close", ok]);
    await read(post.upstream);
    const posted = post.upstream.post(createScope(), { call: "text", keys: 1, path: "/text", body: z.any(), json: 1 });
    await expect(posted).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE" });
    expect(post.calls()).toBe(2);
  });
});

test("an error tells the operator its call: name, path without the query, status and cause", async () => {
  const upstream = await serve((_request, response) => response.writeHead(502).end());
  const failed = upstream.get(createScope(), {
    call: "text",
    keys: 1,
    path: "/text",
    query: "token=secret",
    body: z.any(),
  });
  await expect(failed).rejects.toMatchObject({ failedCall: { call: "text", path: "/text", status: 502 } });
  const gone = open({ baseUrl: "http://127.0.0.1:1" });
  await expect(read(gone)).rejects.toMatchObject({
    failedCall: { call: "text", path: "/text" },
    cause: { code: "ECONNREFUSED" },
  });
});
