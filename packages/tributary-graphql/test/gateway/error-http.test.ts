import { GraphQLError, type GraphQLErrorExtensions } from "graphql";
import { toyGateway } from "tributary-testing/toy-gateway.ts";
import { describe, expect, test } from "vitest";

const sdl = "type Query { soon: String! late: String! nullable: String hello: String }";

/** `extensions.http` as no type allows it. */
const invalid = {
  "a header value that is not Latin-1": [{ headers: { "x-a": "日" } }, ["header x-a"]],
  "a header value with a line break": [{ headers: { "x-a": "a\r\nset-cookie: b=c" } }, ["header x-a"]],
  "a header name with a space": [{ headers: { "x a": "b" } }, ["header x a"]],
  "a header that is an object": [{ headers: { "x-a": {} } }, ["header x-a"]],
  "a length of its own": [{ headers: { "Content-Length": "1" } }, ["header Content-Length"]],
  "a transfer encoding of its own": [{ headers: { "transfer-encoding": "chunked" } }, ["header transfer-encoding"]],
  "a content type of its own": [{ headers: { "Content-Type": "text/html" } }, ["header Content-Type"]],
  "the status 99": [{ status: 99 }, ["status 99"]],
  "the status 101": [{ status: 101 }, ["status 101"]],
  "the status 204, which has no body": [{ status: 204 }, ["status 204"]],
  "the status 304, which has no body": [{ status: 304 }, ["status 304"]],
  "the status 1000": [{ status: 1000 }, ["status 1000"]],
  "a status that is a text": [{ status: "403" }, ["status 403"]],
} as const;

const serve = async (http: unknown, plugins: object[] = []) => {
  const fail = (): never => {
    throw new GraphQLError("no", { extensions: { code: "FORBIDDEN", http } as GraphQLErrorExtensions });
  };
  const late = () => Promise.resolve().then(fail);
  const toy = toyGateway(
    sdl,
    { Query: { soon: fail, late, nullable: late, hello: () => "hello" } },
    { plugins: plugins as never },
  );
  const { url } = await toy.gateway.listen({ port: 0 });
  const ask = async (query: string, accept = "application/json") => {
    const headers = { "content-type": "application/json", accept };
    const response = await fetch(url, { method: "POST", headers, body: JSON.stringify({ query }) });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  return { toy, ask };
};

const paths = { "the fast path": [], "Yoga's path": [{ onRequest: () => undefined }] } as const;

describe.each(Object.entries(paths))("an error of a resolver that names an invalid response, on %s,", (_, plugins) => {
  test.each(Object.entries(invalid))(
    "%s, is delivered, and the log says what was ignored",
    async (__, [http, names]) => {
      const { toy, ask } = await serve(http, [...plugins]);
      for (const field of ["soon", "late", "nullable"]) {
        for (const accept of ["application/json", "multipart/mixed", "text/event-stream"]) {
          const { status, headers, text } = await ask(`{ ${field} }`, accept);
          expect({ field, accept, status, own: headers.get("x-a") }).toEqual({ field, accept, status: 200, own: null });
          expect(text).toContain('"FORBIDDEN"');
        }
      }
      const logged = toy.lines.filter(({ msg }) => msg === "extensions.http was ignored in part");
      expect(logged.map((line) => line.invalid)).toEqual(logged.map(() => names));
      expect(logged.length).toBeGreaterThan(0);
      expect((await ask("{ hello }")).text).toBe('{"data":{"hello":"hello"}}');
    },
  );

  test("whose http cannot be read, is delivered", async () => {
    const http = new Proxy(
      {},
      {
        get: () => {
          throw new Error("no");
        },
      },
    );
    const { ask } = await serve(http, [...plugins]);
    expect((await ask("{ late }")).status).toBe(200);
  });
});

describe.each(Object.entries(paths))("an error of a resolver that names a valid response, on %s,", (_, plugins) => {
  test("sets its headers under one name each, and its status where there is no data", async () => {
    const { ask } = await serve({ status: 403, headers: { "X-A": "1", "x-a": "2", "retry-after": 5 } }, [...plugins]);
    const refused = await ask("{ late }");
    expect([refused.status, refused.headers.get("x-a"), refused.headers.get("retry-after")]).toEqual([403, "2", "5"]);
    const partial = await ask("{ hello nullable }");
    expect([partial.status, partial.headers.get("x-a")]).toEqual([200, "2"]);
  });
});
