import { gzipSync } from "node:zlib";

/** Bytes that must be answered with this status, and cause no work. */
export interface HttpAttack {
  readonly name: string;
  readonly source: string;
  readonly bytes: string | Buffer;
  /** Of the first answer. */
  readonly status: number;
  /** Default: the answer is not checked for a code. */
  readonly code?: string;
  /** How many answers come. Default 1. */
  readonly answers?: number;
  /** Must be in the whole answer. */
  readonly expected?: RegExp;
  /** Must not be in the whole answer. */
  readonly forbidden?: RegExp;
  /** Whether an operation may be executed, since the request is valid. Default false. */
  readonly isHarmless?: boolean;
}

const host = "Host: atlas.test\r\n";
const json = "Content-Type: application/json\r\nAccept: application/json\r\n";
const query = JSON.stringify({ query: "{ __typename }" });
const lengthOf = (body: string | Buffer): string => `Content-Length: ${Buffer.byteLength(body)}\r\n`;

/** A POST with these headers and this body. */
const post = (headers: string, body: string | Buffer = query, head = `${host}${json}`): Buffer =>
  Buffer.concat([Buffer.from(`POST /graphql HTTP/1.1\r\n${head}${headers}\r\n`, "latin1"), Buffer.from(body)]);

const get = (target: string, headers = "", version = "HTTP/1.1"): string =>
  `GET ${target} ${version}\r\n${host}Accept: application/json\r\n${headers}\r\n`;

const upgrade = (headers: string, version = "13"): string =>
  `GET /graphql HTTP/1.1\r\n${host}Connection: Upgrade\r\nUpgrade: websocket\r\n` +
  `Sec-WebSocket-Version: ${version}\r\n${headers}\r\n`;
const key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
const protocol = "Sec-WebSocket-Protocol: graphql-transport-ws\r\n";

const typename = "/graphql?query=%7B__typename%7D";
const smuggling = "RFC 9112, 11.2: request smuggling";
const csrf = "OWASP: CSRF";
const mediaTypes = "OWASP: CSRF by content types that need no preflight";
const members = "OWASP: input validation";

/** A body with these bytes, as JSON. */
const body = (text: string | Buffer): Buffer => post(lengthOf(text), text);

export const httpAttacks: readonly HttpAttack[] = [
  // Two parsers that see two requests.
  {
    name: "Content-Length and Transfer-Encoding",
    source: smuggling,
    bytes: post(`${lengthOf(query)}Transfer-Encoding: chunked\r\n`, `0\r\n\r\n${get("/admin")}`),
    status: 400,
  },
  {
    name: "two Content-Lengths that differ",
    source: smuggling,
    bytes: post(`${lengthOf(query)}Content-Length: 3\r\n`),
    status: 400,
  },
  {
    name: "two equal Content-Lengths",
    source: smuggling,
    bytes: post(`${lengthOf(query)}${lengthOf(query)}`),
    status: 400,
  },
  ...["-1", "+26", "0x1a", "26, 26", "2 6", "1e1", "99999999999999999999", ""].map(
    (length): HttpAttack => ({
      name: `the Content-Length ${JSON.stringify(length)}`,
      source: smuggling,
      bytes: post(`Content-Length: ${length}\r\n`),
      status: 400,
    }),
  ),
  ...["xchunked", "chunked, identity", "identity, chunked, x", "chunked\u000b", "chunked chunked"].map(
    (encoding): HttpAttack => ({
      name: `the Transfer-Encoding ${JSON.stringify(encoding)}`,
      source: smuggling,
      bytes: post(`Transfer-Encoding: ${encoding}\r\n`, `1a\r\n${query}\r\n0\r\n\r\n`),
      status: 400,
    }),
  ),
  {
    name: "a chunk of a negative size",
    source: smuggling,
    bytes: post("Transfer-Encoding: chunked\r\n", "-1\r\n{}\r\n0\r\n\r\n"),
    status: 400,
  },
  {
    name: "a chunk of a size beyond 64 bits",
    source: smuggling,
    bytes: post("Transfer-Encoding: chunked\r\n", "fffffffffffffffff\r\n{}\r\n0\r\n\r\n"),
    status: 400,
  },
  {
    name: "chunk extensions of 100 kB",
    source: "CVE-2024-22019 (node)",
    bytes: post("Transfer-Encoding: chunked\r\n", `2;${"a".repeat(100_000)}\r\n{}\r\n0\r\n\r\n`),
    status: 413,
  },
  {
    name: "a blank before the colon of a header",
    source: smuggling,
    bytes: post(`Content-Length : ${query.length}\r\n`),
    status: 400,
  },
  {
    name: "a header that is folded",
    source: "RFC 9112, 5.2: obs-fold",
    bytes: post(`X-A: 1\r\n Transfer-Encoding: chunked\r\n${lengthOf(query)}`),
    status: 400,
  },
  {
    name: "a header that ends with a line feed alone",
    source: smuggling,
    bytes: `GET ${typename} HTTP/1.1\r\n${host}X-A: 1\nX-B: 2\r\n\r\n`,
    status: 400,
  },
  {
    name: "a carriage return in a header",
    source: smuggling,
    bytes: `GET ${typename} HTTP/1.1\r\n${host}X-A: 1\rX-B: 2\r\n\r\n`,
    status: 400,
  },
  {
    name: "NUL in a header",
    source: smuggling,
    bytes: `GET ${typename} HTTP/1.1\r\n${host}X-A: a\u0000b\r\n\r\n`,
    status: 400,
  },
  {
    name: "a name of a header with a parenthesis",
    source: "RFC 9110, 5.1",
    bytes: `GET ${typename} HTTP/1.1\r\n${host}X(A): 1\r\n\r\n`,
    status: 400,
  },
  {
    name: "two Hosts",
    source: "RFC 9112, 3.2",
    bytes: `GET ${typename} HTTP/1.1\r\n${host}Host: evil.test\r\n\r\n`,
    status: 400,
    code: "BAD_USER_INPUT",
  },
  { name: "no Host", source: "RFC 9112, 3.2", bytes: `GET ${typename} HTTP/1.1\r\n\r\n`, status: 400 },
  { name: "HTTP/0.9", source: "RFC 9112, 2.3", bytes: "GET /graphql\r\n\r\n", status: 400 },
  { name: "HTTP/3.7", source: "RFC 9112, 2.3", bytes: get(typename, "", "HTTP/3.7"), status: 400 },
  {
    name: "the preface of HTTP/2",
    source: "CVE-2023-44487: HTTP/2 without TLS",
    bytes: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    status: 400,
  },
  { name: "bytes of TLS", source: "RFC 9112, 2.2", bytes: Buffer.from("160301020001000100", "hex"), status: 400 },
  { name: "an unknown method", source: "RFC 9110, 9.1", bytes: `HACK /graphql HTTP/1.1\r\n${host}\r\n`, status: 400 },
  {
    name: "a second request in the body of a GET",
    source: smuggling,
    bytes: `GET /health/live HTTP/1.1\r\n${host}${lengthOf(get("/admin"))}\r\n${get("/admin")}`,
    status: 200,
    answers: 1,
  },
  {
    name: "headers of more than 16 KiB",
    source: "CVE-2018-12121 (node)",
    bytes: get(typename, `X-A: ${"a".repeat(20_000)}\r\n`),
    status: 431,
    code: "LIMIT_EXCEEDED",
  },
  {
    name: "a target of more than 16 KiB",
    source: "CVE-2018-12121 (node)",
    bytes: get(`/graphql?query=${"a".repeat(20_000)}`),
    status: 431,
    code: "LIMIT_EXCEEDED",
  },
  {
    name: "900 headers and a second Host after them",
    source: "CVE-2024-37890 (ws), header counts",
    bytes: get(typename, `${"A:b\r\n".repeat(900)}Host: evil.test\r\n`),
    status: 400,
  },
  {
    name: "1,000 headers",
    source: "CVE-2024-37890 (ws), header counts",
    bytes: get(typename, "A:b\r\n".repeat(1_000)),
    status: 431,
    code: "LIMIT_EXCEEDED",
    expected: /more than 999/,
  },
  // Methods.
  ...["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"].map(
    (method): HttpAttack => ({
      name: `the method ${method}`,
      source: "RFC 9110, 15.5.6",
      bytes: `${method} /graphql HTTP/1.1\r\n${host}${json}${lengthOf(query)}\r\n${query}`,
      status: 405,
      forbidden: /atlas\.test/,
    }),
  ),
  {
    name: "CONNECT to another host",
    source: "open proxies",
    bytes: `CONNECT evil.test:443 HTTP/1.1\r\n${host}\r\n`,
    status: 0,
    answers: 0,
  },
  {
    name: "X-HTTP-Method-Override on a GET with a mutation",
    source: csrf,
    bytes: get("/graphql?query=mutation%7B__typename%7D", "X-HTTP-Method-Override: POST\r\n"),
    status: 405,
    code: "BAD_USER_INPUT",
  },
  {
    name: "_method in the query of a GET with a mutation",
    source: csrf,
    bytes: get("/graphql?_method=POST&query=mutation%7B__typename%7D"),
    status: 405,
    code: "BAD_USER_INPUT",
  },
  // Pages of other sites.
  ...[
    ["text/plain", query],
    ["application/x-www-form-urlencoded", "query=%7B__typename%7D"],
    ["multipart/form-data; boundary=x", '--x\r\nContent-Disposition: form-data; name="operations"\r\n\r\n{}\r\n--x--'],
    ["application/graphql", "{ __typename }"],
    ["application/xml", "<query/>"],
    ["application/json-patch+json", query],
    ["text/plain; application/json", query],
    ["application/jsonp", query],
    ["", query],
  ].map(
    ([type, text = ""]): HttpAttack => ({
      name: `a body of the type ${JSON.stringify(type)}`,
      source: mediaTypes,
      bytes: post(
        `${type ? `Content-Type: ${type}\r\n` : ""}${lengthOf(text)}`,
        text,
        `${host}Accept: application/json\r\n`,
      ),
      status: 415,
      code: "BAD_USER_INPUT",
    }),
  ),
  ...(
    [
      ["an image", "no-cors", "image"],
      ["a script", "no-cors", "script"],
      ["a style", "no-cors", "style"],
      ["a video", "no-cors", "video"],
      ["a frame", "navigate", "iframe"],
      ["an object", "navigate", "object"],
    ] as const
  ).map(
    ([name, mode, destination]): HttpAttack => ({
      name: `${name} of another site whose address is a query`,
      source: csrf,
      bytes: get(
        typename,
        `Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: ${mode}\r\nSec-Fetch-Dest: ${destination}\r\n`,
      ),
      status: 403,
      code: "FORBIDDEN",
    }),
  ),
  ...[
    "https://evil.test",
    "null",
    "https://atlas.test.evil.test",
    "http://atlas.test:81",
    "file://",
    "https://atlas.test@evil.test",
  ].map(
    (origin): HttpAttack => ({
      name: `a preflight from the origin ${origin}`,
      source: "OWASP: CORS",
      bytes: `OPTIONS /graphql HTTP/1.1\r\n${host}Origin: ${origin}\r\nAccess-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: content-type\r\n\r\n`,
      status: 403,
      forbidden: /access-control-allow/i,
    }),
  ),
  {
    name: "a query of a page of another origin",
    source: "OWASP: CORS",
    bytes: get(typename, "Origin: https://evil.test\r\nSec-Fetch-Mode: cors\r\n"),
    status: 403,
    code: "FORBIDDEN",
    forbidden: /access-control-allow/i,
  },
  // Bodies.
  ...(
    [
      ["an array of operations", `[${query},${query}]`, "OWASP: batching attacks"],
      ["an empty array", "[]", "OWASP: batching attacks"],
      ["nothing", "", members],
      ["text", "hello", members],
      ["null", "null", members],
      ["a number", "1", members],
      ["a text in JSON", '"{ __typename }"', members],
      ["an object without members", "{}", members],
      ["NaN", '{"query": NaN}', members],
      ["a trailing comma", '{"query": "{ __typename }",}', members],
      ["two values", `${query}${query}`, members],
      ["a query that is an array", '{"query": ["{ __typename }"]}', members],
      ["a query that is an object", '{"query": {"toString": "x"}}', members],
      ["a query that is a number", '{"query": 1}', members],
      ["a query that is null", '{"query": null}', members],
      ["a query in the prototype", '{"__proto__": {"query": "{ __typename }"}}', "prototype pollution"],
      [
        "a query in the constructor",
        '{"constructor": {"prototype": {"query": "{ __typename }"}}}',
        "prototype pollution",
      ],
      ["variables that are a text", '{"query": "{ __typename }", "variables": "{}"}', members],
      ["variables that are an array", '{"query": "{ __typename }", "variables": []}', members],
      ["an operationName that is an object", '{"query": "{ __typename }", "operationName": {}}', members],
      ["extensions that are a text", '{"query": "{ __typename }", "extensions": "x"}', members],
      ["arrays in arrays, 200,000 deep", "[".repeat(200_000), "recursion in parsers of JSON"],
      ["objects in objects, 100,000 deep", '{"a":'.repeat(100_000), "recursion in parsers of JSON"],
    ] as const
  ).map(
    ([name, text, source]): HttpAttack => ({
      name: `a body with ${name}`,
      source,
      bytes: body(text),
      status: 400,
      code: "BAD_USER_INPUT",
    }),
  ),
  {
    name: "a body that is not UTF-8",
    source: members,
    bytes: body(Buffer.from([0x7b, 0xff, 0xfe, 0x7d])),
    status: 400,
    code: "BAD_USER_INPUT",
  },
  {
    name: "a body in UTF-16",
    source: "filters that read other bytes",
    bytes: post(
      lengthOf(Buffer.from(query, "utf16le")),
      Buffer.from(query, "utf16le"),
      `${host}Content-Type: application/json; charset=utf-16\r\n`,
    ),
    status: 415,
    code: "BAD_USER_INPUT",
  },
  {
    name: "a body in UTF-7",
    source: "filters that read other bytes",
    bytes: post(lengthOf(query), query, `${host}Content-Type: application/json; charset=utf-7\r\n`),
    status: 415,
    code: "BAD_USER_INPUT",
  },
  {
    name: "a body of a megabyte and one byte",
    source: "OWASP: query limiting (amount)",
    bytes: body(`{"query":"${"a".repeat(1_000_000)}"}`),
    status: 413,
    code: "LIMIT_EXCEEDED",
  },
  {
    name: "a Content-Length of a terabyte with Expect",
    source: "OWASP: query limiting (amount)",
    bytes: post("Content-Length: 1099511627776\r\nExpect: 100-continue\r\n", ""),
    status: 413,
    code: "LIMIT_EXCEEDED",
  },
  {
    name: "a compressed body of 20 kB that is 20 MB",
    source: "decompression bombs",
    bytes: (() => {
      const bomb = gzipSync(Buffer.alloc(20_000_000, "a"));
      return post(`Content-Encoding: gzip\r\n${lengthOf(bomb)}`, bomb);
    })(),
    status: 415,
    code: "BAD_USER_INPUT",
  },
  {
    name: "a body that is compressed five times",
    source: "decompression bombs",
    bytes: post(`Content-Encoding: gzip, gzip, gzip, gzip, gzip\r\n${lengthOf(query)}`),
    status: 415,
    code: "BAD_USER_INPUT",
  },
  {
    name: "an unknown content encoding",
    source: members,
    bytes: post(`Content-Encoding: zip\r\n${lengthOf(query)}`),
    status: 415,
    code: "BAD_USER_INPUT",
  },
  // Query strings.
  ...[
    ["a percent sign alone", "/graphql?query=%"],
    ["bytes that are not UTF-8", "/graphql?query=%ff%fe"],
    ["variables that are not JSON", `${typename}&variables=%7B`],
    ["variables that are an array", `${typename}&variables=%5B%5D`],
    ["extensions that are a number", `${typename}&extensions=1`],
    ["nothing", "/graphql?x=1"],
    ["a NUL", "/graphql?query=%00"],
  ].map(
    ([name, target = ""]): HttpAttack => ({
      name: `a query string with ${name}`,
      source: members,
      bytes: get(target),
      status: name === "a NUL" || name === "a percent sign alone" ? 200 : 400,
      isHarmless: true,
    }),
  ),
  // Paths.
  ...[
    "/.env",
    "/graphql/../../etc/passwd",
    "/graphql/%2e%2e/%2e%2e/etc/passwd",
    "/..%5c..%5cetc/passwd",
    "//evil.test/graphql",
    "/graphql/graphiql/../../../package.json",
    "/health/ready/../../.git/config",
  ].map(
    (target): HttpAttack => ({
      name: `the path ${target}`,
      source: "OWASP: path traversal",
      bytes: get(target),
      status: 404,
      forbidden: /root:|"name"|\[core\]/,
    }),
  ),
  {
    name: "a redirect to a host that the client names",
    source: "OWASP: host header injection",
    bytes: "GET / HTTP/1.1\r\nHost: evil.test\r\nX-Forwarded-Host: evil.test\r\nAccept: text/html\r\n\r\n",
    status: 404,
    forbidden: /evil\.test/,
  },
  {
    name: "metrics without a token",
    source: "OWASP: information exposure",
    bytes: get("/metrics"),
    status: 404,
    forbidden: /# HELP/,
  },
  {
    name: "a request id with a line break and a script",
    source: "OWASP: log injection, response splitting",
    bytes: get(typename, "X-Request-Id: <script>alert(1)</script>\r\n"),
    status: 200,
    forbidden: /<script>/,
    isHarmless: true,
  },
  {
    name: "an Accept header of 1,000 media ranges",
    source: "quadratic parsers of headers",
    bytes: get(typename, `X-A: 1\r\n`).replace("application/json", "a/b;q=0.1,".repeat(1_000)),
    status: 406,
  },
  // WebSockets.
  { name: "an upgrade without a key", source: "CVE-2024-37890 (ws)", bytes: upgrade(protocol), status: 400 },
  {
    name: "an upgrade with a short key",
    source: "RFC 6455, 4.2.1",
    bytes: upgrade(`${protocol}Sec-WebSocket-Key: a\r\n`),
    status: 400,
  },
  {
    name: "an upgrade with two keys",
    source: "RFC 6455, 4.2.1",
    bytes: upgrade(`${protocol}${key}${key}`),
    status: 400,
  },
  { name: "an upgrade of version 7", source: "RFC 6455, 4.4", bytes: upgrade(`${protocol}${key}`, "7"), status: 400 },
  {
    name: "an upgrade without a protocol",
    source: "RFC 6455, 4.2.2",
    bytes: upgrade(key),
    status: 101,
    expected: /Subprotocol not acceptable/,
  },
  {
    name: "an upgrade with an unknown protocol",
    source: "RFC 6455, 4.2.2",
    bytes: upgrade(`${key}Sec-WebSocket-Protocol: soap\r\n`),
    status: 101,
    expected: /Subprotocol not acceptable/,
  },
  {
    name: "an upgrade with a protocol of 15,000 blanks",
    source: "CVE-2021-32640 (ws)",
    bytes: upgrade(`${key}Sec-WebSocket-Protocol: a${" ".repeat(15_000)}b\r\n`),
    status: 400,
  },
  {
    name: "an upgrade with an extension that is a member of every object",
    source: "ws before 3.3.1: a crash by Sec-WebSocket-Extensions",
    bytes: upgrade(`${key}${protocol}Sec-WebSocket-Extensions: constructor, permessage-deflate\r\n`),
    status: 101,
    forbidden: /sec-websocket-extensions/i,
  },
  {
    name: "an upgrade from a page of another origin",
    source: "OWASP: cross-site WebSocket hijacking",
    bytes: upgrade(`${key}${protocol}Origin: https://evil.test\r\n`),
    status: 403,
    code: "FORBIDDEN",
  },
  {
    name: "an upgrade to h2c",
    source: "h2c smuggling",
    bytes: `GET ${typename} HTTP/1.1\r\n${host}Accept: application/json\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n\r\n`,
    status: 200,
    forbidden: /^HTTP\/1\.1 101/,
    isHarmless: true,
  },
  {
    name: "an upgrade at another path",
    source: "RFC 6455, 4.2.1",
    bytes: upgrade(`${key}${protocol}`).replace("/graphql", "/admin"),
    status: 404,
  },
];
