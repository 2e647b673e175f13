import { once } from "node:events";
import { get } from "node:http";
import { createBrotliDecompress, createGunzip } from "node:zlib";
import { collect, next, readMultipart } from "tributary-testing/read-stream.ts";
import { toyGateway } from "tributary-testing/toy-gateway.ts";
import { describe, expect, test } from "vitest";
import { encodingFor } from "../../../src/gateway/http/content-encoding.ts";

const acceptEncoding = "accept-encoding";

describe("Accept-Encoding", () => {
  test.each([
    [null, undefined],
    ["", undefined],
    ["identity", undefined],
    ["deflate", undefined],
    ["gzip, deflate, br", "gzip"],
    ["br", "br"],
    ["gzip;q=0.5, br", "br"],
    ["gzip;q=0", undefined],
    ["*", "gzip"],
    ["gzip;q=0, *", "br"],
    ["identity, gzip;q=0.5", undefined],
  ])("%s is answered with %s", (header, expected) => {
    expect(encodingFor(header)).toBe(expected);
  });
});

const long = "x".repeat(5_000);

test.each(["gzip", "br"])("a long answer is compressed with %s, a short one is not worth it", async (encoding) => {
  const toy = toyGateway("type Query { long: String short: String }", {
    Query: { long: () => long, short: () => "x" },
  });
  const { url } = await toy.gateway.listen({ host: "127.0.0.1", port: 0 });
  const ask = (query: string) => fetch(`${url}?query=${query}`, { headers: { [acceptEncoding]: encoding } });
  const answer = await ask("{long}");
  expect(answer.headers.get("content-encoding")).toBe(encoding);
  expect(Number(answer.headers.get("content-length"))).toBeLessThan(500);
  expect(await answer.json()).toEqual({ data: { long } });
  const small = await ask("{short}");
  expect(small.headers.has("content-encoding")).toBe(false);
  expect(await small.json()).toEqual({ data: { short: "x" } });
});

test("whether an answer is long is a matter of its bytes, not of its characters", async () => {
  const text = "é".repeat(600);
  const toy = toyGateway("type Query { text: String }", { Query: { text: () => text } });
  const { url } = await toy.gateway.listen({ host: "127.0.0.1", port: 0 });
  const answer = await fetch(`${url}?query={text}`, { headers: { [acceptEncoding]: "gzip" } });
  expect(answer.headers.get("content-encoding")).toBe("gzip");
  expect(await answer.json()).toEqual({ data: { text } });
});

test.each([
  ["gzip", createGunzip],
  ["br", createBrotliDecompress],
])(
  "a stream in %s can be read payload by payload: the first while the second is held back",
  async (encoding, decompress) => {
    const slow = Promise.withResolvers<string>();
    const toy = toyGateway("type Query { fast: String slow: String }", {
      Query: { fast: () => long, slow: () => slow.promise },
    });
    const { url } = await toy.gateway.listen({ host: "127.0.0.1", port: 0 });
    const headers = { accept: "multipart/mixed;incrementalSpec=v0.2", [acceptEncoding]: encoding };
    const [message] = await once(get(`${url}?query={fast...@defer{slow}}`, { headers }), "response");
    expect(message.headers["content-encoding"]).toBe(encoding);
    const body = message.pipe(decompress());
    const payloads = readMultipart(body);
    expect((await next(payloads)).data).toEqual({ fast: long });
    slow.resolve("slow");
    expect(await collect(payloads)).toMatchObject([{ incremental: [{ data: { slow: "slow" } }], hasNext: false }]);
  },
);

test("a client that leaves a compressed stream stops it", async () => {
  const stopped = Promise.withResolvers<unknown>();
  const toy = toyGateway("type Query { fast: String slow: String }", {
    Query: {
      fast: () => "fast",
      slow: (_, __, { signal }) => {
        signal.addEventListener("abort", () => stopped.resolve(signal.reason));
        return new Promise(() => {});
      },
    },
  });
  const response = await toy.post("{ fast ... @defer { slow } }", {
    accept: "multipart/mixed",
    headers: { [acceptEncoding]: "gzip" },
  });
  const reader = response.body?.getReader();
  await reader?.read();
  await reader?.read();
  await reader?.cancel();
  expect(await stopped.promise).toMatchObject({ name: "AbortError" });
});

test.each([
  ["an answer", { accept: "application/json" }, 200],
  ["a stream", { accept: "multipart/mixed" }, 200],
  ["a refusal of the Accept", { accept: "image/png" }, 406],
  ["a page", { accept: "text/html" }, 200],
  ["an answer to another origin", { accept: "application/json", origin: "http://app.test" }, 200],
])("%s says to caches what it depends on", async (_what, headers, status) => {
  const toy = toyGateway("type Query { a: Int b: Int }", { Query: { a: () => 1 } });
  const url = "http://toys.test/graphql?query={a...@defer{b}}";
  const response = await toy.gateway.fetch(new Request(url, { headers }));
  expect(response.status).toBe(status);
  const vary = response.headers.get("vary")?.toLowerCase().split(/, ?/);
  expect(vary).toEqual(expect.arrayContaining(["accept", "accept-encoding"]));
  await response.text();
});
