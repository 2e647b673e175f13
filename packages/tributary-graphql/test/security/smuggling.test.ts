import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { pathNames, pathOptions } from "../gateway/paths/support/three-paths.ts";
import { countedToy } from "./support/counted-toy.ts";
import { rawAnswer } from "./support/raw-request.ts";

const body = '{"query":"{a}"}';
const chunked = `f\r\n${body}\r\n0\r\n\r\n`;

/** A request as it goes over the wire, with a query that may not run hidden behind it. */
const post = (lines: readonly string[], content = body, newline = "\r\n"): string =>
  ["POST /graphql HTTP/1.1", "host: x", "content-type: application/json", ...lines, "", content].join(newline);
const get = (start: string, lines: readonly string[] = ["host: x"]): string => [start, ...lines, "", ""].join("\r\n");
const query = "GET /graphql?query={a}";

/** Requests that two servers in a row may read differently: with another end, of another host, or of another kind. */
const refused: readonly (readonly [title: string, bytes: string, status: number])[] = [
  ["a length and chunks", post(["content-length: 15", "transfer-encoding: chunked"], chunked), 400],
  ["chunks and a length", post(["transfer-encoding: chunked", "content-length: 15"], chunked), 400],
  ["two lengths", post(["content-length: 15", "content-length: 16"]), 400],
  ["two equal lengths", post(["content-length: 15", "content-length: 15"]), 400],
  ["a list of lengths", post(["content-length: 15, 15"]), 400],
  ["a length with a sign", post(["content-length: +15"]), 400],
  ["a negative length", post(["content-length: -15"]), 400],
  ["a hexadecimal length", post(["content-length: 0xf"]), 400],
  ["a length with a space in it", post(["content-length: 1 5"]), 400],
  ["a length of 23 digits", post(["content-length: 99999999999999999999999"]), 400],
  ["an empty length", post(["content-length: "]), 400],
  ["chunked, identity", post(["transfer-encoding: chunked, identity"], chunked), 400],
  ["identity, chunked", post(["transfer-encoding: identity, chunked"], chunked), 400],
  ["gzip, chunked", post(["transfer-encoding: gzip, chunked"], chunked), 400],
  ["chunked twice", post(["transfer-encoding: chunked, chunked"], chunked), 400],
  ["two transfer encodings", post(["transfer-encoding: chunked", "transfer-encoding: identity"], chunked), 400],
  ["an unknown transfer encoding", post(["transfer-encoding: xchunked"], chunked), 400],
  ["a quoted transfer encoding", post(['transfer-encoding: "chunked"'], chunked), 400],
  ["a vertical tab before chunked", post(["transfer-encoding: \x0bchunked"], chunked), 400],
  ["a space before a colon", post(["transfer-encoding : chunked"], chunked), 400],
  ["a space before the colon of a length", post(["content-length : 15"]), 400],
  ["chunks in HTTP/1.0", post(["transfer-encoding: chunked"], chunked).replace("1.1", "1.0"), 400],
  ["a folded header", post(["x-a: 1", " content-length: 0", "content-length: 15"]), 400],
  ["a folded transfer encoding", post(["transfer-encoding:", " chunked"], chunked), 400],
  ["line feeds without carriage returns", post(["content-length: 15"], body, "\n"), 400],
  ["a bare line feed in the head", post(["x-a: 1\ncontent-length: 15"]), 400],
  ["a bare carriage return in the head", post(["x-a: 1\rcontent-length: 0", "content-length: 15"]), 400],
  ["a null byte in a value", post(["x-a: 1\0", "content-length: 15"]), 400],
  ["a delete character in a value", post(["x-a: 1\x7f", "content-length: 15"]), 400],
  ["a space in a name", post(["x a: 1", "content-length: 15"]), 400],
  ["a parenthesis in a name", post(["x(a): 1", "content-length: 15"]), 400],
  ["a header without a colon", post(["content-length: 15", "x-a"]), 400],
  ["a header without a name", post([": 1", "content-length: 15"]), 400],
  ["a space before the first header", post(["content-length: 15"]).replace("\r\nhost", "\r\n host"), 400],
  ["two hosts", post(["host: y", "content-length: 15"]), 400],
  ["two equal hosts", post(["HOST: x", "content-length: 15"]), 400],
  ["no host", get(`${query} HTTP/1.1`, []), 400],
  ["a host with a path", get(`${query} HTTP/1.1`, ["host: x/y"]), 400],
  ["a host with a user", get(`${query} HTTP/1.1`, ["host: x@y"]), 400],
  ["a host with a space", get(`${query} HTTP/1.1`, ["host: x y"]), 400],
  ["a host with a port that is none", get(`${query} HTTP/1.1`, ["host: x:99999"]), 400],
  ["a host that is half an address", get(`${query} HTTP/1.1`, ["host: [::1"]), 400],
  ["an address of another host", get("GET http://y/graphql?query={a} HTTP/1.1"), 400],
  ["an address of another port", get("GET http://x:81/graphql?query={a} HTTP/1.1"), 400],
  ["an address of more than 16 KiB", get(`${query}&x=${"x".repeat(20_000)} HTTP/1.1`), 431],
  ["2,500 headers", get(`${query} HTTP/1.1`, ["host: x", ...Array.from({ length: 2_500 }, (_, at) => `x${at}:`)]), 431],
  ["HTTP/0.9", "GET /graphql?query={a}\r\n\r\n", 400],
  ["HTTP/1.2", get(`${query} HTTP/1.2`), 400],
  ["HTTP/2 without agreement", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400],
  ["a protocol in lower case", get(`${query} http/1.1`), 400],
  ["a space in the address", get(`${query} b HTTP/1.1`), 400],
  ["a tab in the address", get(`${query}\tb HTTP/1.1`), 400],
  ["a null byte in the address", get(`${query}\0 HTTP/1.1`), 400],
  ["a method in lower case", get(`${query} HTTP/1.1`).replace("GET", "get"), 400],
  ["an unknown method", get(`${query} HTTP/1.1`).replace("GET", "GRAPH"), 400],
  [
    "extensions of chunks that are too large",
    post(["transfer-encoding: chunked"], chunked.replace("f\r", `f;${"x".repeat(20_000)}\r`)),
    413,
  ],
  [
    "an extension of a chunk that ends in a line feed",
    post(["transfer-encoding: chunked"], chunked.replace("f\r\n", "f;a\n")),
    400,
  ],
  [
    "a chunk whose size overflows",
    post(["transfer-encoding: chunked"], chunked.replace("f", "fffffffffffffffff")),
    400,
  ],
  ["a chunk of a negative size", post(["transfer-encoding: chunked"], chunked.replace("f", "-f")), 400],
  ["a chunk of size 0xf", post(["transfer-encoding: chunked"], chunked.replace("f", "0xf")), 400],
  ["a chunk with a space after its size", post(["transfer-encoding: chunked"], chunked.replace("f", "f ")), 400],
  ["a chunk that does not end where it says", post(["transfer-encoding: chunked"], `f\r\n${body}XX0\r\n\r\n`), 400],
  ["chunks that end in line feeds", post(["transfer-encoding: chunked"], `f\n${body}\n0\n\n`), 400],
  [
    "a length after the last chunk",
    post(["transfer-encoding: chunked"], chunked.replace("0\r\n\r\n", "0\r\ncontent-length: 5\r\n\r\n")),
    400,
  ],
];

describe.each(pathNames)("on the path %s, a request that a proxy may read otherwise is refused:", (path) => {
  test.each(refused)("%s", async (_, bytes, status) => {
    const toy = await countedToy({ ...pathOptions[path], isProduction: true });
    const answer = await rawAnswer(toy.port, bytes + get(`${query} HTTP/1.1`));
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual([`HTTP/1.1 ${status}`]);
    expect(answer.toLowerCase()).toContain("\r\nconnection: close\r\n");
    expect(answer.toLowerCase()).toContain("\r\nx-content-type-options: nosniff\r\n");
    expect(JSON.parse(answer.slice(answer.indexOf("\r\n\r\n")))).toMatchObject({ errors: [{ extensions: {} }] });
    expect(toy.runs).toBe(0);
  });
});

test("CONNECT is closed without an answer", async () => {
  const toy = await countedToy();
  expect(await rawAnswer(toy.port, get("CONNECT x:80 HTTP/1.1"))).toBe("");
});

test("the body of a GET is not taken for the next request", async () => {
  const toy = await countedToy();
  const hidden = get("GET /graphql?query={later} HTTP/1.1", ["x: y"]);
  const bytes = get(`${query} HTTP/1.1`, ["host: x", "connection: close", `content-length: ${hidden.length}`]) + hidden;
  const answer = await rawAnswer(toy.port, bytes);
  expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 200"]);
  expect(toy.runs).toBe(1);
});

test("the answer to a refused request comes after those to the requests before it, and none after it", async () => {
  const toy = await countedToy();
  const slow = get("GET /graphql?query={later} HTTP/1.1");
  const answer = await rawAnswer(
    toy.port,
    slow + get(`${query} HTTP/1.1`, ["host: x", "host: y"]) + get(`${query} HTTP/1.1`),
  );
  expect(answer.match(/HTTP\/1\.1 \d+|\{"data.*\}/g)).toEqual(["HTTP/1.1 200", '{"data":{"later":2}}', "HTTP/1.1 400"]);
  expect(toy.runs).toBe(1);
});

test("HTTP/1.0, an address of this very host and an empty host are served", async () => {
  const toy = await countedToy();
  for (const bytes of [
    get(`${query} HTTP/1.0`, []),
    get("GET http://x/graphql?query={a} HTTP/1.1", ["host: X:80", "connection: close"]),
    get(`${query} HTTP/1.1`, ["host:", "connection: close"]),
  ]) {
    expect(await rawAnswer(toy.port, bytes)).toMatch(/^HTTP\/1\.1 200 /);
  }
});

test("of requests that are sent without waiting for answers, a hundred wait at most", async () => {
  const toy = await countedToy({ coalescing: { isOn: false } });
  const bytes = get("GET /graphql?query={later} HTTP/1.1").repeat(500);
  const answer = await rawAnswer(toy.port, bytes);
  const statuses = answer.match(/HTTP\/1\.1 \d+/g) ?? [];
  expect(statuses.slice(0, -1).every((status) => status === "HTTP/1.1 200")).toBe(true);
  expect(statuses.at(-1)).toBe("HTTP/1.1 429");
  expect(toy.runs).toBeLessThanOrEqual(101);
});

describe("connections", () => {
  const opened = async (port: number) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => undefined);
    onTestFinished(() => void socket.destroy());
    await once(socket, "connect");
    return socket;
  };

  test("beyond those that one client may have are closed, with one line in the log, and one that ends makes room", async () => {
    const toy = await countedToy({ connections: { maxPerClient: 2 } });
    const [first] = [await opened(toy.port), await opened(toy.port)];
    for (let time = 0; time < 3; time++) expect(await rawAnswer(toy.port, get(`${query} HTTP/1.1`))).toBe("");
    expect(toy.lines.filter(({ msg }) => msg === "a connection was closed")).toHaveLength(1);
    first?.destroy();
    // The server hears of the end a little later.
    let answer = "";
    while (answer === "")
      answer = await rawAnswer(toy.port, get(`${query} HTTP/1.1`, ["host: x", "connection: close"]));
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  });

  test("of a trusted proxy are those of many clients", async () => {
    const toy = await countedToy({ connections: { maxPerClient: 1 }, trustedProxies: ["127.0.0.1"] });
    await opened(toy.port);
    expect(await rawAnswer(toy.port, get(`${query} HTTP/1.1`, ["host: x", "connection: close"]))).toMatch(/ 200 /);
  });

  test("beyond those of all clients are closed too", async () => {
    const toy = await countedToy({ connections: { max: 1 }, trustedProxies: ["127.0.0.1"] });
    await opened(toy.port);
    expect(await rawAnswer(toy.port, get(`${query} HTTP/1.1`))).toBe("");
  });
});
