import fc from "fast-check";
import { anyDocument } from "./fuzz-documents.ts";

/** What is sent over one connection. */
export interface FuzzedRequest {
  readonly bytes: Buffer;
  /** Whether it is HTTP for certain, so that it gets an answer; otherwise its connection may also be closed without one. */
  readonly isHttp: boolean;
}

const latin1 = (min: number, max: number, maxLength = 60): fc.Arbitrary<string> =>
  fc.array(fc.integer({ min, max }), { maxLength }).map((codes) => String.fromCharCode(...codes));

/** Text as a header may have it (RFC 9110, 5.5). */
const headerText = latin1(0x20, 0x7e).map((text) => text.trim());

const mediaTypes = [
  "*/*",
  "application/json",
  "application/graphql-response+json",
  "text/event-stream",
  "multipart/mixed",
  "multipart/mixed;deferSpec=20220824",
  "multipart/mixed;incrementalSpec=v0.2",
  "multipart/mixed;q=0;q=1, */*;q=-1",
  "text/html",
  "image/png",
  ";;;,,,",
];

const knownHeaders: Readonly<Record<string, readonly string[]>> = {
  accept: mediaTypes,
  "accept-encoding": ["gzip", "br", "gzip;q=0, *", "identity;q=0", "zstd, deflate", ",,"],
  "content-type": [
    "application/json",
    "application/json; charset=utf-16",
    "text/plain",
    "multipart/form-data",
    "a/b;c",
  ],
  "content-encoding": ["identity", "gzip", "br", "gzip, gzip", ""],
  origin: ["null", "http://localhost:1", "https://evil.test", "http://[::1", "x", "https://a.test:99999"],
  cookie: ["a=1; a=2", "__proto__=1", "=;=;", "a=%ff"],
  authorization: ["Bearer x", "Basic", "Bearer  ", ""],
  "x-forwarded-for": ["1.2.3.4", "::1, 1.1.1.1", ",,,", "x".repeat(2_000)],
  "x-forwarded-host": ["evil.test", "[", "a,b"],
  "x-forwarded-proto": ["https", "javascript"],
  "x-request-id": ["1", "{}", "x".repeat(200)],
  "x-tributary-calls": ["1", "0"],
  "x-tributary-cost": ["1", "x"],
  traceparent: ["00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "00-0-0-0", "ff"],
  "sec-fetch-mode": ["cors", "no-cors", "navigate", "x"],
  "sec-fetch-site": ["cross-site", "same-origin", "none", "x"],
  "sec-fetch-dest": ["iframe", "image", "x"],
  "if-none-match": ["*", 'W/"x"', '"'],
  range: ["bytes=0-1"],
  te: ["trailers"],
  "access-control-request-method": ["POST", "x y"],
  "access-control-request-headers": ["content-type", "*", ",,,"],
  "apollographql-client-name": ["x".repeat(500)],
};

const header: fc.Arbitrary<readonly [string, string]> = fc
  .constantFrom(...Object.keys(knownHeaders))
  .chain((name) =>
    fc
      .oneof(
        { weight: 4, arbitrary: fc.constantFrom(...(knownHeaders[name] ?? [])) },
        { weight: 1, arbitrary: headerText },
      )
      .map((value) => [name, value] as const),
  );

const headers = fc.array(header, { maxLength: 6 });

const lines = (all: readonly (readonly [string, string])[]): string =>
  all.map(([name, value]) => `${name}: ${value}\r\n`).join("");

function post(body: Buffer, more: readonly (readonly [string, string])[], isChunked: boolean): FuzzedRequest {
  const hasType = more.some(([name]) => name === "content-type");
  const framing = isChunked ? "transfer-encoding: chunked" : `content-length: ${body.length}`;
  const type = hasType ? "" : "content-type: application/json\r\n";
  const head = `POST /graphql HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${type}${lines(more)}${framing}\r\n\r\n`;
  const chunk = body.length > 0 ? [Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from("\r\n")] : [];
  const framed = isChunked ? [...chunk, Buffer.from("0\r\n\r\n")] : [body];
  return { bytes: Buffer.concat([Buffer.from(head, "latin1"), ...framed]), isHttp: true };
}

const get = (target: string, more: readonly (readonly [string, string])[], method = "GET"): FuzzedRequest => ({
  bytes: Buffer.from(`${method} ${target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${lines(more)}\r\n`, "latin1"),
  isHttp: true,
});

const nasty = fc.constantFrom<unknown>(
  null,
  0,
  -0,
  1e308,
  "",
  "\ud800",
  "\u0000",
  "__proto__",
  [],
  {},
  { __proto__: null, constructor: { prototype: 1 } },
  [[[[[[]]]]]],
);

const anyValue = fc.oneof(fc.jsonValue({ maxDepth: 3 }), nasty);

/** An operation whose members may have any shape. */
const parameters = fc
  .record(
    {
      query: fc.oneof({ weight: 5, arbitrary: anyDocument }, { weight: 1, arbitrary: anyValue }),
      operationName: fc.oneof(fc.constantFrom<unknown>("A", "B", "", "__proto__"), anyValue),
      variables: fc.oneof(fc.record({ n: anyValue, text: anyValue, in: anyValue }, { requiredKeys: [] }), anyValue),
      extensions: fc.oneof(
        fc.record({ persistedQuery: anyValue, clientLibrary: anyValue, http: anyValue }, { requiredKeys: [] }),
        anyValue,
      ),
      documentId: anyValue,
      id: anyValue,
    },
    { requiredKeys: ["query"] },
  )
  .map((members) => JSON.stringify(members));

const jsonText = fc.oneof(
  { weight: 6, arbitrary: parameters },
  { weight: 1, arbitrary: fc.json() },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '{"query":"{a}","query":"{later}"}',
      '{"query":"{a}","__proto__":{"query":"{a}"}}',
      '{"__proto__":{"query":"{a}"}}',
      '{"constructor":{"prototype":{"query":"{a}"}}}',
      '{"query":"query($n:Int){a(n:$n)}","variables":{"n":1e400}}',
      '{"query":"query($n:Int){a(n:$n)}","variables":{"n":123456789012345678901234567890}}',
      '{"query":"query($n:Int){a(n:$n)}","variables":{"__proto__":{"n":1}}}',
      '{"query":"{a} #\\ud800"}',
      '\ufeff\ufeff{"query":"{a}"}',
      `${"[".repeat(100_000)}`,
      `{"query":"{a}","variables":${"[".repeat(20_000)}${"]".repeat(20_000)}}`,
      `{"query":"{a}","extensions":${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}}`,
      `{"query":"query($t:String){a(text:$t)}","variables":{"t":${"[".repeat(5_000)}${"]".repeat(5_000)}}}`,
      `{"query":"{a}","operationName":"${"A".repeat(200_000)}"}`,
    ),
  },
);

/** Changes a few bytes: replaces, removes, repeats and inserts. */
const mutated = (text: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> =>
  fc
    .tuple(text, fc.array(fc.tuple(fc.nat(), fc.nat(255), fc.nat(3)), { minLength: 1, maxLength: 5 }))
    .map(([bytes, changes]) => {
      let changed = bytes;
      for (const [place, byte, kind] of changes) {
        const at = place % (changed.length + 1);
        const before = changed.subarray(0, at);
        const after = changed.subarray(kind === 1 || kind === 3 ? at : at + 1);
        const middle = [Buffer.of(byte), Buffer.of(byte), Buffer.alloc(0), before.subarray(-20)][kind];
        changed = Buffer.concat([before, middle ?? Buffer.alloc(0), after]);
      }
      return changed;
    });

const utf8 = (text: fc.Arbitrary<string>): fc.Arbitrary<Buffer> => text.map((each) => Buffer.from(each));

const body = fc.oneof(
  { weight: 5, arbitrary: utf8(jsonText) },
  { weight: 2, arbitrary: mutated(utf8(jsonText)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
);

const posts = fc.tuple(body, headers, fc.boolean()).map((parts) => post(...parts));

const queryString = fc.oneof(
  fc.tuple(anyDocument, anyValue, anyValue).map(([query, variables, extensions]) =>
    new URLSearchParams({
      query: query.toWellFormed(),
      variables: JSON.stringify(variables),
      extensions: JSON.stringify(extensions),
    }).toString(),
  ),
  latin1(0x21, 0x7e, 200),
  latin1(0x21, 0xff, 60),
  fc
    .array(
      fc.constantFrom(
        "query=",
        "%7B",
        "a",
        "}",
        "&",
        "%",
        "%ff",
        "%00",
        "+",
        "operationName=",
        "variables=",
        "#",
        "[]",
        "?",
      ),
      {
        maxLength: 30,
      },
    )
    .map((parts) => parts.join("")),
);

const target = fc.oneof(
  { weight: 5, arbitrary: queryString.map((text) => `/graphql?${text}`) },
  { weight: 1, arbitrary: latin1(0x21, 0x7e).map((text) => `/${text}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "/",
      "//",
      "/graphql/",
      "/graphql/../graphql?query={a}",
      "/graphql;a?query={a}",
      "/%67raphql?query={a}",
      "/health/live/",
      "/health/ready?x",
      "http://x/graphql?query={a}",
      "http://[/graphql",
      "*",
      "/graphql?query={a}#",
      "//evil.test/graphql?query={a}",
      "/\\evil.test",
    ),
  },
);

const methods = fc.constantFrom("GET", "GET", "GET", "HEAD", "OPTIONS", "DELETE", "PUT", "PATCH");
const gets = fc.tuple(target, headers, methods).map((parts) => get(...parts));

/** Whole requests of which some bytes are changed, and bytes that are nothing. */
const noHttp: fc.Arbitrary<FuzzedRequest> = fc
  .oneof(
    { weight: 3, arbitrary: mutated(fc.oneof(posts, gets).map(({ bytes }) => bytes)) },
    { weight: 1, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => Buffer.from(bytes)) },
  )
  .map((bytes) => ({ bytes, isHttp: false }));

export const anyRequest: fc.Arbitrary<FuzzedRequest> = fc.oneof(
  { weight: 5, arbitrary: posts },
  { weight: 3, arbitrary: gets },
  { weight: 2, arbitrary: noHttp },
);
