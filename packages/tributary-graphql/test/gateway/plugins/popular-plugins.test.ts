import { createHash, createHmac } from "node:crypto";
import { useDepthLimit } from "@envelop/depth-limit";
import { useGenericAuth } from "@envelop/generic-auth";
import { useRateLimiter } from "@envelop/rate-limiter";
import { useCSRFPrevention } from "@graphql-yoga/plugin-csrf-prevention";
import { useDisableIntrospection } from "@graphql-yoga/plugin-disable-introspection";
import { createInlineSigningKeyProvider, useJWT } from "@graphql-yoga/plugin-jwt";
import { usePersistedOperations } from "@graphql-yoga/plugin-persisted-operations";
import { usePrometheus } from "@graphql-yoga/plugin-prometheus";
import { useResponseCache } from "@graphql-yoga/plugin-response-cache";
import { Registry } from "prom-client";
import { describe, expect, test } from "vitest";
import { resultOf, served, ways } from "./support/served.ts";

const codesOf = ({ errors = [] }: { readonly errors?: readonly { readonly extensions?: object }[] }): unknown[] =>
  errors.map(({ extensions }) => (extensions as { readonly code?: unknown } | undefined)?.code);

describe("response cache", () => {
  test.each(ways)("over %s, the second query is answered without a resolver call", async (way) => {
    const { ask, calls } = await served([useResponseCache({ session: () => null, ttl: 60_000 })]);
    const answers = [await ask(way, "{ hello }"), await ask(way, "{ hello }")];
    expect(answers.map(resultOf)).toEqual([{ data: { hello: "hello 1" } }, { data: { hello: "hello 1" } }]);
    expect(calls.hello).toBe(1);
  });

  test("a client that has the answer already gets 304", async () => {
    const { url, ask } = await served([useResponseCache({ session: () => null, ttl: 60_000 })]);
    const first = await ask("GET", "{ hello }");
    const etag = first.headers?.get("etag") ?? "";
    expect(etag).not.toBe("");
    const again = await fetch(`${url}?query={ hello }`, {
      headers: { accept: "application/json", "if-none-match": etag },
    });
    expect(again.status).toBe(304);
  });

  test("a session has answers of its own", async () => {
    const session = (request: Request) => request.headers.get("authorization");
    const { ask, calls } = await served([useResponseCache({ session, ttl: 60_000 })]);
    for (const authorization of ["a", "b", "a"]) await ask("POST", "{ hello }", { authorization });
    expect(calls.hello).toBe(2);
  });
});

describe("JWT", () => {
  const secret = "a-secret-of-at-least-thirty-two-bytes";
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const tokenOf = (payload: object): string => {
    const unsigned = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(payload)}`;
    return `${unsigned}.${createHmac("sha256", secret).update(unsigned).digest("base64url")}`;
  };
  const plugin = () =>
    useJWT({
      signingKeyProviders: [createInlineSigningKeyProvider(secret)],
      tokenVerification: { algorithms: ["HS256"] },
      reject: { missingToken: true, invalidToken: true },
    });

  test.each(ways)("over %s, resolvers read the payload of a token", async (way) => {
    const { ask } = await served([plugin()]);
    const { data } = await ask(way, "{ me }", { authorization: `Bearer ${tokenOf({ sub: "ada" })}` });
    expect(JSON.parse(String(data?.me))).toMatchObject({ payload: { sub: "ada" } });
  });

  test.each(ways)("over %s, no resolver is called without a token, nor with a forged one", async (way) => {
    const { ask, calls } = await served([plugin()]);
    const attempts: Readonly<Record<string, string>>[] = [{}, { authorization: `Bearer ${tokenOf({ sub: "ada" })}x` }];
    for (const headers of attempts) {
      const answer = await ask(way, "{ hello }", headers);
      expect(codesOf(answer)).toEqual(["UNAUTHENTICATED"]);
      expect(answer).not.toHaveProperty("data");
      if (way !== "WebSocket" && way !== "event stream") expect(answer.status).toBe(401);
    }
    expect(calls.hello).toBe(0);
  });

  test("an operation on a WebSocket that was opened without a token is refused, a subscription too", async () => {
    const { ask, contexts } = await served([plugin()]);
    expect(codesOf(await ask("WebSocket", "subscription { ticks { n } }"))).toEqual(["UNAUTHENTICATED"]);
    expect(contexts.size).toBe(0);
  });
});

describe("Prometheus", () => {
  test("requests of each way are counted, and its own path has the metrics", async () => {
    const registry = new Registry();
    const { ask, url } = await served([usePrometheus({ registry, endpoint: "/metrics" })]);
    for (const way of ways) expect((await ask(way, "query Hi { hello }")).data).toHaveProperty("hello");
    const response = await fetch(new URL("/metrics", url));
    expect(response.status).toBe(200);
    const count = /graphql_envelop_request\{operationName="Hi",operationType="query"\} (\d+)/.exec(
      await response.text(),
    );
    expect(count?.[1]).toBe("4");
    expect((await fetch(new URL("/elsewhere", url))).status).toBe(404);
  });
});

describe("rate limiter", () => {
  test.each(ways)("over %s, the third request of a window is refused before its resolver", async (way) => {
    const limiter = useRateLimiter({
      identifyFn: () => "everybody",
      configByField: [{ type: "Query", field: "hello", max: 2, window: "60s" }],
    });
    const { ask, calls, toy } = await served([limiter]);
    for (let time = 0; time < 2; time++) expect((await ask(way, "{ hello }")).data).toHaveProperty("hello");
    const refused = await ask(way, "{ hello }");
    expect(codesOf(refused)).toEqual(["RATE_LIMITED"]);
    if (way === "POST" || way === "GET") expect(refused.status).toBe(429);
    expect(calls.hello).toBe(2);
    // Its hooks are of Envelop: nothing goes through Yoga.
    expect(toy.lines.filter(({ msg }) => String(msg).includes("through Yoga"))).toEqual([]);
  });
});

describe("persisted operations", () => {
  const document = "query Hi { hello }";
  const hash = createHash("sha256").update(document).digest("hex");
  const plugin = () => usePersistedOperations({ getPersistedOperation: (key) => (key === hash ? document : null) });
  const persisted = (sha256Hash: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } });

  test.each(ways)("over %s, a hash is answered", async (way) => {
    const { ask } = await served([plugin()]);
    expect((await ask(way, "", {}, persisted(hash))).data).toEqual({ hello: "hello 1" });
  });

  test.each(ways)("over %s, an unknown hash and a text are refused before a resolver is called", async (way) => {
    const { ask, calls } = await served([plugin()]);
    const unknown = await ask(way, "", {}, persisted("0".repeat(64)));
    expect(unknown.errors?.[0]?.message).toBe("PersistedQueryNotFound");
    expect(codesOf(unknown)).toEqual(["PERSISTED_QUERY_NOT_FOUND"]);
    const text = await ask(way, document);
    expect(text.errors?.[0]?.message).toBe("PersistedQueryOnly");
    expect(codesOf(text)).toEqual(["BAD_USER_INPUT"]);
    expect(calls.hello).toBe(0);
  });
});

describe("generic auth", () => {
  const plugin = () =>
    useGenericAuth({
      mode: "protect-all",
      resolveUserFn: (context: { readonly request: Request }) => {
        const name = context.request.headers.get("authorization");
        return name === null ? null : { name };
      },
    });

  test.each(ways)("over %s, only a request with a user reaches a resolver, which reads the user", async (way) => {
    const { ask, contexts, calls } = await served([plugin()]);
    expect(codesOf(await ask(way, "{ hello }"))).toEqual(["UNAUTHENTICATED"]);
    expect(calls.hello).toBe(0);
    expect((await ask(way, "{ hello }", { authorization: "ada" })).data).toEqual({ hello: "hello 1" });
    expect(contexts.get("hello")?.currentUser).toEqual({ name: "ada" });
  });
});

describe("validation", () => {
  test.each(ways)("over %s, a document that nests deeper than the depth limit is refused each time", async (way) => {
    const { ask } = await served([useDepthLimit({ maxDepth: 2 })]);
    for (let time = 0; time < 2; time++) {
      const answer = await ask(way, "{ deep { next { next { id } } } }");
      expect(codesOf(answer)).toEqual(["GRAPHQL_VALIDATION_FAILED"]);
      expect(answer.errors?.[0]?.message).toContain("depth");
    }
    expect((await ask(way, "{ deep { id } }")).data).toEqual({ deep: { id: "1" } });
  });

  test.each(ways)("over %s, introspection is open to whom a plugin opens it", async (way) => {
    const isDisabled = (request: Request) => request.headers.get("authorization") !== "Bearer admin";
    const { ask } = await served([useDisableIntrospection({ isDisabled })]);
    const query = "{ __schema { queryType { name } } }";
    const refused = async () => new Set(codesOf(await ask(way, query)));
    expect(await refused()).toEqual(new Set(["GRAPHQL_VALIDATION_FAILED"]));
    expect((await ask(way, query, { authorization: "Bearer admin" })).errors).toBeUndefined();
    expect(await refused()).toEqual(new Set(["GRAPHQL_VALIDATION_FAILED"]));
  });
});

test("CSRF prevention refuses a GET without its header, and lets one with it pass", async () => {
  const { ask, calls } = await served([useCSRFPrevention({ requestHeaders: ["x-csrf"] })]);
  const refused = await ask("GET", "{ hello }");
  expect([refused.status, codesOf(refused)]).toEqual([403, ["FORBIDDEN"]]);
  expect(calls.hello).toBe(0);
  expect((await ask("GET", "{ hello }", { "x-csrf": "1" })).data).toEqual({ hello: "hello 1" });
});
