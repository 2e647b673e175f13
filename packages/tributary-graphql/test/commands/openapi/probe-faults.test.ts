import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { gzipSync } from "node:zlib";
import { baseUrlOf } from "tributary-testing/rest-service.ts";
import { describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import type { BatchDeclaration } from "../../../src/commands/openapi/probe/declaration.ts";
import { type ProbeRequest, probeBatch } from "../../../src/commands/openapi/probe/probe-batch.ts";
import { commaList } from "../../../src/rest/reads.ts";

const pet = z.object({ id: z.int() });
const pets: BatchDeclaration = {
  call: "petsByIds",
  path: "/pets",
  keys: commaList("ids"),
  body: z.array(pet),
  keyOf: idOf,
};

function idOf(row: unknown): number {
  return pet.parse(row).id;
}

async function probe(listener: RequestListener, request: Partial<ProbeRequest> = {}, declaration: object = {}) {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return probeBatch({ ...pets, ...declaration }, { baseUrl: baseUrlOf(server), keys: [1, 2], ...request });
}

const mebibyte = Buffer.alloc(1024 * 1024, " ");

describe("a response that is not an array of rows is detected", () => {
  test.each<[string, RequestListener, string]>([
    [
      "a page of HTML",
      (_, response) => response.setHeader("content-type", "text/html").end("<h1>Welcome</h1>"),
      "the response cannot be read: its body is not JSON (content-type: text/html)",
    ],
    ["nothing", (_, response) => response.end(), "the response cannot be read: its body is empty"],
    [
      "a redirect",
      (_, response) => response.writeHead(301, { location: "https://pets.example/v2/pets" }).end(),
      "the call with 2 keys has status 301: it redirects to https://pets.example/v2/pets, which the readers do not follow; change --base-url",
    ],
    [
      "a body without an end",
      (_, response) => {
        const more = () => response.destroyed || response.write(mebibyte, () => setImmediate(more));
        more();
      },
      "the response cannot be read: its body exceeds 8388608 bytes (maxBodyBytes)",
    ],
    [
      "a body that is small only while it is compressed",
      (_, response) => response.setHeader("content-encoding", "gzip").end(gzipSync(Buffer.alloc(20 * mebibyte.length))),
      "the response cannot be read: its body exceeds 8388608 bytes (maxBodyBytes)",
    ],
    [
      "bytes that are not UTF-8",
      (_, response) => response.end(Buffer.from('[{"id":1,"name":"Café"}]', "latin1")),
      "the response cannot be read: its body is not valid utf-8",
    ],
    ["503", (_, response) => response.writeHead(503).end(), "the call with 2 keys has status 503"],
    [
      "401",
      (_, response) => response.writeHead(401).end(),
      "the call with 2 keys has status 401: set credentials with --header",
    ],
    ["an object", (_, response) => response.end("{}"), "the body is not an array: set `items`"],
  ])("%s", async (_what, listener, message) => {
    const { findings, calls } = await probe(listener);
    expect(findings).toEqual([{ about: "key field", verdict: "broken", message }]);
    expect(calls).toBe(1);
  });

  test("a body for which the schema throws", async () => {
    const body = z.array(z.unknown()).transform((): unknown => {
      throw new RangeError("secret");
    });
    const { findings } = await probe((_, response) => response.end('[{"id":1},{"id":2}]'), {}, { body });
    expect(findings).toMatchObject([
      { verdict: "broken", message: expect.stringContaining("its schema threw a RangeError") },
    ]);
  });
});

describe("a failed call is reported with one line: a service", () => {
  test.each<[string, RequestListener, RegExp]>([
    ["that does not respond", () => undefined, /^The call to http:.* failed: no response within 300 ms\.$/],
    [
      "that never completes its response",
      (_, response) => {
        const timer = setInterval(() => response.write(" "), 20);
        response.on("close", () => clearInterval(timer));
      },
      /^The call to http:.* failed: no response within 300 ms\.$/,
    ],
    [
      "that aborts its response",
      (_, response) => {
        response.writeHead(200, { "content-length": 100 }).write("[");
        setImmediate(() => response.destroy());
      },
      /failed: the response ended early \(UND_ERR_SOCKET, other side closed\)\.$/,
    ],
    ["that closes the connection", (request) => request.destroy(), /failed: UND_ERR_SOCKET, other side closed\.$/],
    [
      "with a rate limit",
      (_, response) => response.writeHead(429, { "retry-after": "30" }).end("slow down"),
      /has reached a rate limit \(status 429\): try again later \(retry-after: 30\)\.$/,
    ],
  ])("%s", async (_what, listener, message) => {
    await expect(probe(listener, { timeoutMs: 300 })).rejects.toMatchObject({
      name: "CommandError",
      message: expect.stringMatching(message),
    });
  });

  test("a header that cannot be sent", async () => {
    const asked = probe((_, response) => response.end("[]"), { headers: { host: "pets.example" } });
    await expect(asked).rejects.toMatchObject({
      name: "CommandError",
      message: "--header: The header host cannot be sent: it is set by the HTTP client.",
    });
  });
});

test("a response in another charset is read as by the readers", async () => {
  const { findings } = await probe((request, response) => {
    const ids = new URL(request.url ?? "", "http://a").searchParams.get("ids")?.split(",").map(Number) ?? [];
    const rows = ids.filter((id) => id < 3).map((id) => ({ id, name: "Café" }));
    response.setHeader("content-type", "application/json; charset=iso-8859-1");
    response.end(Buffer.from(JSON.stringify(rows), "latin1"));
  });
  expect(findings.filter(({ verdict }) => verdict === "broken")).toEqual([]);
});
