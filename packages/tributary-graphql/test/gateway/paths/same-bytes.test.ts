import { describe, expect, test } from "vitest";
import type { WireRequest } from "./support/raw-exchange.ts";
import { comparable, type PathName, pathNames, startingToyOn, toyOn, type WiredToy } from "./support/three-paths.ts";

const sdl = `
  type Query { a(n: Int, in: In): Int b: Int late: String! text(of: Int!): String fails: Int must: Int! odd: Odd unreadable: Int coded: Int echo(name: String!): String }
  type Mutation { set: Int }
  type Subscription { ticks: Int }
  input In { n: Int! }
  scalar Odd
`;

const start = (path: PathName, options = {}): Promise<WiredToy> =>
  toyOn(
    path,
    sdl,
    {
      Query: {
        a: () => 1,
        b: () => 2,
        late: async () => "later",
        text: (_, { of }) => "é".repeat(of),
        fails: () => {
          throw new Error("secret");
        },
        must: () => null,
        odd: () => 10n,
        unreadable: () => {
          throw Object.freeze(Object.assign(new Error("secret"), { path: [1n] }));
        },
        coded: async () => {
          throw Object.assign(new Error("The sun is down."), { code: "UPSTREAM_UNAVAILABLE", source: "sun" });
        },
        echo: (_, { name }, { headers }) => headers.get(name),
      },
      Mutation: { set: () => 1 },
      Subscription: {
        ticks: async function* () {
          yield { ticks: 1 };
        },
      },
    },
    options,
  );

const json = { "content-type": "application/json", accept: "application/json" };
const asked = (params: unknown, headers: Readonly<Record<string, string>> = {}): WireRequest => ({
  headers: { ...json, ...headers },
  body: JSON.stringify(params),
});
const responseJson = { accept: "application/graphql-response+json" };
const hashed = { extensions: { persistedQuery: { version: 1, sha256Hash: "0".repeat(64) } } };
const origin = { origin: "http://page.test" };
const long = { query: "{ text(of: 2000) }" };

/** The query string of a GET. */
const got = (
  params: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): WireRequest => ({
  method: "GET",
  path: `/graphql?${new URLSearchParams(params)}`,
  headers: { accept: "application/json", ...headers },
});

/** Each is sent on every path. The second value is the status of the answer. */
const cases: readonly (readonly [title: string, status: number, request: WireRequest])[] = [
  ["a query", 200, asked({ query: "{ a b }" })],
  ["a query that waits", 200, asked({ query: "{ late a }" })],
  ["a mutation", 200, asked({ query: "mutation { set }" })],
  ["a named operation of several", 200, asked({ query: "query A { a } query B { b }", operationName: "B" })],
  ["an unknown operation name", 400, asked({ query: "query A { a }", operationName: "C" })],
  ["an empty operation name", 200, asked({ query: "query A { a }", operationName: "" })],
  ["an operation name of null", 200, asked({ query: "query A { a }", operationName: null })],
  ["an operation name that is a number", 400, asked({ query: "query A { a }", operationName: 1 })],
  ["no operation name where there are two", 400, asked({ query: "query A { a } query B { b }" })],
  ["a document without an operation", 400, asked({ query: "fragment A on Query { a }" })],
  ["variables", 200, asked({ query: "query ($n: Int) { a(n: $n) }", variables: { n: 1 } })],
  ["variables of null", 200, asked({ query: "{ a }", variables: null, extensions: null })],
  ["a variable of the wrong type", 200, asked({ query: "query ($n: Int) { a(n: $n) }", variables: { n: "x" } })],
  ["a variable that is missing", 200, asked({ query: "query ($i: In!) { a(in: $i) }" })],
  ["the same, for graphql-response+json", 400, asked({ query: "query ($i: In!) { a(in: $i) }" }, responseJson)],
  ["variables that are a list", 400, asked({ query: "{ a }", variables: [1] })],
  ["variables that are a text", 400, asked({ query: "{ a }", variables: "{}" })],
  ["extensions that are a number", 400, asked({ query: "{ a }", extensions: 1 })],
  ["extensions", 200, asked({ query: "{ a }", extensions: { persisted: true } })],
  ["an unknown parameter", 200, asked({ query: "{ a }", sql: "select" })],
  ["an unknown parameter of null", 200, asked({ query: "{ a }", sql: null })],
  ["no query", 400, asked({})],
  ["a query that is a number", 400, asked({ query: 1 })],
  ["an empty query", 200, asked({ query: "" })],
  ["a syntax error", 200, asked({ query: "{ a" })],
  ["a syntax error, for graphql-response+json", 400, asked({ query: "{ a" }, responseJson)],
  ["an unknown field", 200, asked({ query: "{ c }" })],
  ["an unknown field, for graphql-response+json", 400, asked({ query: "{ c }" }, responseJson)],
  ["introspection", 200, asked({ query: "{ __schema { queryType { name } } }" })],
  ["a document that is nested too deep", 200, asked({ query: "{a".repeat(101) + "}".repeat(101) })],
  ["a field that fails", 200, asked({ query: "{ a fails }" })],
  ["a field that fails with a code", 200, asked({ query: "{ a coded }" })],
  ["a null where there may be none", 200, asked({ query: "{ a must }" })],
  ["a value that is not JSON", 200, asked({ query: "{ a odd }" })],
  ["an error that cannot be read", 200, asked({ query: "{ a unreadable }" })],
  ["a hash without a query", 200, asked(hashed)],
  ["a hash without a query, for graphql-response+json", 400, asked(hashed, responseJson)],
  ["a hash with an empty query", 200, asked({ ...hashed, query: "" })],
  ["a hash with its query", 200, asked({ ...hashed, query: "{ a }" })],
  ["an id without a query", 200, asked({ documentId: "sha256:1" })],
  ["a list of operations", 400, asked([{ query: "{ a }" }])],
  ["JSON null", 400, { headers: json, body: "null" }],
  ["a JSON text", 400, { headers: json, body: '"{ a }"' }],
  ["malformed JSON", 400, { headers: json, body: "{ query" }],
  ["an empty body", 400, { headers: json, body: "" }],
  ["no body at all", 400, { headers: json }],
  ["a byte order mark", 200, { headers: json, body: `\uFEFF${JSON.stringify({ query: "{ a }" })}` }],
  [
    "bytes that are not UTF-8",
    400,
    {
      headers: json,
      body: Buffer.concat([Buffer.from('{"query":"{ a } #'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]),
    },
  ],
  ["a body in chunks", 200, { ...asked({ query: "{ a } # é" }), isChunked: true }],
  ["a body that is too large", 413, asked({ query: `{ a } #${"x".repeat(1_000_000)}` })],
  [
    "a body in chunks that is too large",
    413,
    { ...asked({ query: `{ a } #${"x".repeat(1_000_000)}` }), isChunked: true },
  ],
  ["a form", 415, asked({ query: "{ a }" }, { "content-type": "application/x-www-form-urlencoded" })],
  ["GraphQL as text", 415, asked({ query: "{ a }" }, { "content-type": "application/graphql" })],
  ["no content type", 415, { headers: { accept: "application/json" }, body: "{}" }],
  [
    "a content type with a charset",
    200,
    asked({ query: "{ a }" }, { "content-type": "Application/JSON; charset=utf-8" }),
  ],
  ["a charset in quotes", 200, asked({ query: "{ a }" }, { "content-type": 'application/json;charset="UTF-8"' })],
  ["another charset", 415, asked({ query: "{ a }" }, { "content-type": "application/json; charset=iso-8859-1" })],
  ["UTF-16", 415, asked({ query: "{ a }" }, { "content-type": "application/json; charset=UTF-16; a=b" })],
  ["a compressed body", 415, asked({ query: "{ a }" }, { "content-encoding": "gzip" })],
  ["a body that says it is not compressed", 200, asked({ query: "{ a }" }, { "content-encoding": "identity" })],
  ["an Accept that is not served", 406, asked({ query: "{ a }" }, { accept: "image/png" })],
  ["any Accept", 200, asked({ query: "{ a }" }, { accept: "*/*" })],
  [
    "the Accept of a client that takes streams",
    200,
    asked({ query: "{ a }" }, { accept: "multipart/mixed, application/json;q=0.9" }),
  ],
  ["graphql-response+json", 200, asked({ query: "{ a }" }, responseJson)],
  ["a deferred part for a client that takes JSON only", 200, asked({ query: "{ a ... @defer { b } }" })],
  [
    "a deferred part for a client that takes streams",
    200,
    asked({ query: "{ a ... @defer { late } }" }, { accept: "multipart/mixed" }),
  ],
  [
    "a deferred part for a client that takes both",
    200,
    asked({ query: "{ a ... @defer { late } }" }, { accept: "multipart/mixed, application/json" }),
  ],
  ["a subscription for a client that takes JSON only", 406, asked({ query: "subscription { ticks }" })],
  ["a subscription", 200, asked({ query: "subscription { ticks }" }, { accept: "text/event-stream" })],
  [
    "a subscription for a client that takes both",
    200,
    asked({ query: "subscription { ticks }" }, { accept: "text/event-stream, application/json" }),
  ],
  ["a request id", 200, asked({ query: "{ a fails }" }, { "x-request-id": "mine-1" })],
  ["a request id that would upset a log", 200, asked({ query: "{ a }" }, { "x-request-id": "{}" })],
  ["the call log", 200, asked({ query: "{ a }" }, { "x-tributary-calls": "1" })],
  ["a header that a resolver reads", 200, asked({ query: '{ echo(name: "X-Tenant") }' }, { "X-Tenant": "a, b" })],
  ["a cookie that a resolver reads", 200, asked({ query: '{ echo(name: "cookie") }' }, { Cookie: "a=1; b=2" })],
  ["a page of another origin", 200, asked({ query: "{ a }" }, origin)],
  ["a page of another origin that is refused", 400, asked({}, origin)],
  [
    "a page that asks for headers",
    200,
    asked(
      { query: "{ a }" },
      { ...origin, "access-control-request-headers": "x-a", "access-control-request-method": "POST" },
    ),
  ],
  ["a long answer", 200, asked(long)],
  ["a long answer for gzip", 200, asked(long, { "accept-encoding": "gzip, deflate" })],
  ["a long answer for brotli", 200, asked(long, { ...origin, "accept-encoding": "br" })],
  ["a short answer for gzip", 200, asked({ query: "{ a }" }, { "accept-encoding": "gzip" })],
  ["a client that wants the connection closed", 200, asked({ query: "{ a }" }, { connection: "close" })],
  ["GET without a query string", 400, { method: "GET", headers: { accept: "application/json" } }],
  ["GET with an empty query string", 400, { ...got({}), path: "/graphql?" }],
  ["GET", 200, got({ query: "{ a late }" })],
  ["GET with variables", 200, got({ query: "query ($n: Int) { a(n: $n) }", variables: '{"n":1}' })],
  ["GET with variables that are not JSON", 400, got({ query: "{ a }", variables: "{" })],
  ["GET with extensions", 200, got({ query: "{ a }", extensions: "{}" })],
  ["GET with an operation name", 200, got({ query: "query A { a } query B { b }", operationName: "B" })],
  ["GET with an unknown parameter", 200, got({ query: "{ a }", sql: "select" })],
  ["GET of a mutation", 405, got({ query: "mutation { set }" })],
  ["GET with a syntax error", 200, got({ query: "{ a" })],
  ["GET with a syntax error, for graphql-response+json", 400, got({ query: "{ a" }, responseJson)],
  ["GET with a field that fails", 200, got({ query: "{ a fails coded }" })],
  ["GET with bytes that are not UTF-8", 400, { ...got({}), path: "/graphql?query=%7B+a+%7D+%23%ff" }],
  ["GET with a hash", 200, got({ extensions: JSON.stringify(hashed.extensions) })],
  ["GET of a deferred part", 200, got({ query: "{ a ... @defer { late } }" }, { accept: "multipart/mixed" })],
  ["GET of a subscription", 200, got({ query: "subscription { ticks }" }, { accept: "text/event-stream" })],
  ["GET of a subscription as JSON", 406, got({ query: "subscription { ticks }" })],
  ["GET with an Accept that is not served", 406, got({ query: "{ a }" }, { accept: "image/png" })],
  [
    "GET by a page that embeds it",
    403,
    got({ query: "{ a }" }, { "sec-fetch-mode": "no-cors", "sec-fetch-site": "cross-site" }),
  ],
  ["GET by a page of another origin", 200, got({ query: "{ a }" }, origin)],
  ["GET of a long answer for gzip", 200, got(long, { "accept-encoding": "gzip" })],
  ["HEAD", 405, { method: "HEAD", headers: { accept: "application/json" } }],
  ["PUT", 405, { ...asked({ query: "{ a }" }), method: "PUT" }],
  ["OPTIONS", 405, { method: "OPTIONS" }],
  ["a preflight", 204, { method: "OPTIONS", headers: { ...origin, "access-control-request-method": "POST" } }],
];

/** Sends the request on each path, to a gateway of its own, and expects the same bytes. */
async function expectSameBytes(
  request: WireRequest,
  status: number,
  startOn: (path: PathName) => Promise<WiredToy> = start,
): Promise<void> {
  const [fast, ...others] = await Promise.all(
    pathNames.map(async (path) => comparable(await (await startOn(path)).ask(request))),
  );
  for (const other of others) expect(other).toEqual(fast);
  expect(fast?.status).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
}

describe("all paths give the same bytes for", () => {
  test.each(cases)("%s: %i", (_, status, request) => expectSameBytes(request, status));
});

describe("all paths give the same bytes in production for", () => {
  test.each(cases.filter(([title]) => !/^introspection|preflight|OPTIONS/.test(title)))(
    "%s: %i",
    (title, status, request) =>
      expectSameBytes(request, title === "GET by a page of another origin" ? 403 : status, (path) =>
        start(path, { isProduction: true }),
      ),
  );

  test.each(pathNames)("introspection and a misspelt field, each time that they are sent (%s)", async (path) => {
    const production = await start(path, { isProduction: true });
    for (const query of ["{ __schema { queryType { name } } }", "{ bb }"]) {
      for (let time = 0; time < 2; time++) {
        const { body } = await production.ask(asked({ query }));
        expect(body.toString()).toContain("GRAPHQL_VALIDATION_FAILED");
        expect(body.toString()).not.toContain("Did you mean");
      }
    }
  });
});

test.each([
  ["fast", 1],
  ["fast with plugins", 0],
  ["yoga", 0],
] as const)(
  "on the path %s, %i of the executions could be shared: plugins see each request",
  async (path, executed) => {
    const served = await start(path);
    await served.ask(asked({ query: "{ late }" }));
    expect(served.toy.gateway.coalescing).toEqual({ executed, coalesced: 0 });
  },
);

test("all paths give the same bytes while the gateway starts", async () => {
  const starting = (path: PathName) => startingToyOn(path, "type Query { a: Int }", { Query: { a: () => 1 } });
  await expectSameBytes(asked({ query: "{ a }" }), 503, starting);
  await expectSameBytes(got({ query: "{ a }" }), 503, starting);
  await expectSameBytes({ headers: json, body: "{" }, 503, starting);
});

test("all paths give the same bytes when the deadline passes", async () => {
  const slow = { Query: { fast: () => 1, slow: () => new Promise<number>(() => undefined) } };
  await expectSameBytes(asked({ query: "{ fast slow }" }), 200, (path) =>
    toyOn(path, "type Query { fast: Int slow: Int }", slow, { requestTimeoutMs: 30 }),
  );
});

test("all paths give the same bytes when the context cannot be made", async () => {
  const createContext = () => {
    throw new Error("secret");
  };
  await expectSameBytes(asked({ query: "{ a }" }), 500, (path) => start(path, { createContext }));
});
