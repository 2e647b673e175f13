import type { IncomingHttpHeaders } from "node:http";
import { createScope, open, serve } from "tributary-testing/rest-service.ts";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { UpstreamOptions } from "../../src/rest/upstream.ts";

async function sentHeaders(options: Partial<UpstreamOptions>, client: Record<string, string> = {}) {
  const sent: IncomingHttpHeaders[] = [];
  const upstream = await serve((request, response) => {
    sent.push(request.headers);
    response.end("[]");
  }, options);
  const read = { call: "x", keys: 1, path: "/x", body: z.array(z.any()) } as const;
  await upstream.get(createScope({ headers: client }), read);
  const { host: _, connection: __, "accept-encoding": ___, ...headers } = sent[0] ?? {};
  return headers;
}

const baseUrl = "http://127.0.0.1:1";

describe("headers of a call", () => {
  test("are the declared ones and the forwarded ones of the client, and no others", async () => {
    const options = { headers: { "X-Api-Key": "k" }, forwardHeaders: ["Authorization", "x-tenant", "X-Tenant"] };
    const client = { authorization: "Bearer a", cookie: "session=1", "x-api-key": "the client's own" };
    expect(await sentHeaders(options, client)).toEqual({
      accept: "application/json",
      "x-api-key": "k",
      authorization: "Bearer a",
    });
  });

  test("have the trace context of the client, which is not part of the identity", async () => {
    const sent: unknown[] = [];
    const arrived = Promise.withResolvers<void>();
    const upstream = await serve(async (request, response) => {
      sent.push(request.headers.traceparent);
      await arrived.promise;
      response.end("[]");
    });
    const read = { call: "x", keys: 1, path: "/x", body: z.array(z.any()) } as const;
    const scopes = ["first", "second"].map((traceparent) => ({ ...createScope(), traceContext: { traceparent } }));
    const reads = scopes.map((scope) => upstream.get(scope, read));
    arrived.resolve();
    await Promise.all(reads);
    expect(sent).toEqual(["first"]);
    expect(() => open({ baseUrl, forwardHeaders: ["traceparent"] })).toThrow("is passed on without being declared");
  });

  test("accept JSON by default", async () => {
    expect(await sentHeaders({})).toEqual({ accept: "application/json" });
    expect(await sentHeaders({ headers: { Accept: "application/vnd.api+json" } })).toEqual({
      accept: "application/vnd.api+json",
    });
    expect(await sentHeaders({ forwardHeaders: ["accept"] }, { accept: "text/plain" })).toEqual({
      accept: "text/plain",
    });
  });

  test.each([
    "Host",
    "connection",
    "Transfer-Encoding",
    "content-length",
    "content-type",
    "accept-encoding",
    "if-none-match",
    "cache-control",
    "range",
  ])("cannot be %s", (name) => {
    const expected = new RegExp(`^The header ${name.toLowerCase()} cannot be sent: it `);
    expect(() => open({ baseUrl, headers: { [name]: "x" } })).toThrow(expected);
    expect(() => open({ baseUrl, forwardHeaders: [name] })).toThrow(expected);
  });

  test.each([
    ["x-a", "a\r\nx-b: c"],
    ["x-a", "a\nb"],
    ["x a", "a"],
    ["x-a\r\n", "a"],
    ["", "a"],
  ])("cannot contain a line break: %j: %j", (name, value) => {
    expect(() => open({ baseUrl, headers: { [name]: value } })).toThrow(TypeError);
  });

  test("cannot be both declared and forwarded", () => {
    expect(() => open({ baseUrl, headers: { "X-Tenant": "1" }, forwardHeaders: ["x-tenant"] })).toThrow(
      'The header x-tenant is in both "headers" and "forwardHeaders"',
    );
  });
});

test("a redirect is not followed: its target would get the headers too", async () => {
  const urls: (string | undefined)[] = [];
  const upstream = await serve(
    (request, response) => {
      urls.push(request.url);
      response.writeHead(302, { location: "/elsewhere" }).end();
    },
    { headers: { "x-api-key": "k" } },
  );
  const read = { call: "x", keys: 1, path: "/x", body: z.any() } as const;
  await expect(upstream.get(createScope(), read)).rejects.toMatchObject({ message: expect.stringContaining("302") });
  expect(urls).toEqual(["/x"]);
});
