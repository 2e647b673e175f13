import { GraphQLError } from "graphql";
import { collect, readMultipart } from "tributary-testing/read-stream.ts";
import { toyGateway } from "tributary-testing/toy-gateway.ts";
import { describe, expect, test } from "vitest";
import type { ErrorCode } from "../../src/core/error-codes.ts";

class Coded extends Error {
  readonly code: ErrorCode;
  readonly source?: string;
  constructor(code: ErrorCode, message: string, options: { source?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.source = options.source;
  }
}

const throwing = (error: unknown) => () => {
  throw error;
};

/** A gateway with one field that throws. */
const failing = (error: unknown) =>
  toyGateway("type Query { fine: Int fails: Int }", { Query: { fine: () => 1, fails: throwing(error) } });

const secret = "password=hunter2";

describe("an error with a code", () => {
  test("keeps its message, names its source, and leaves the rest of the answer standing", async () => {
    const toy = failing(
      new Coded("UPSTREAM_UNAVAILABLE", "The sun does not answer.", { source: "sun", cause: secret }),
    );
    const answer = await toy.ask("{ fine fails }");
    expect(answer.data).toEqual({ fine: 1, fails: null });
    expect(answer.errors).toEqual([
      {
        message: "The sun does not answer.",
        path: ["fails"],
        locations: [{ line: 1, column: 8 }],
        extensions: { code: "UPSTREAM_UNAVAILABLE", source: "sun" },
      },
    ]);
  });

  test("is recognised inside the layers that graphql puts around it", async () => {
    const coded = new Coded("FORBIDDEN", "Not yours.");
    const toy = failing(
      new GraphQLError("outer", { originalError: new GraphQLError("inner", { originalError: coded }) }),
    );
    expect((await toy.ask("{ fails }")).errors?.[0]).toMatchObject({
      message: "Not yours.",
      extensions: { code: "FORBIDDEN" },
    });
  });

  test("a GraphQLError may carry one of the codes itself", async () => {
    const toy = failing(new GraphQLError("Too many.", { extensions: { code: "LIMIT_EXCEEDED", limit: 5 } }));
    expect((await toy.ask("{ fails }")).errors?.[0]).toMatchObject({
      message: "Too many.",
      extensions: { code: "LIMIT_EXCEEDED", limit: 5 },
    });
  });
});

describe("an unknown error", () => {
  const unknownErrors: Record<string, unknown> = {
    "a plain error": new Error(secret),
    "a string": secret,
    "an error with a driver's code": Object.assign(new Error(secret), { code: "ECONNREFUSED" }),
    "a coded error hidden as the cause": new Error(secret, { cause: new Coded("FORBIDDEN", "x") }),
    "several errors at once": new AggregateError([new Error(secret), new Coded("FORBIDDEN", "x")], secret),
    "a GraphQLError without a code": new GraphQLError(secret),
    "a GraphQLError with a code of its own": new GraphQLError(secret, { extensions: { code: "MINE", detail: secret } }),
    "one that calls itself internal": new Coded("INTERNAL_SERVER_ERROR", secret),
  };

  test.each(Object.entries(unknownErrors))("is masked: %s", async (_, error) => {
    const toy = failing(error);
    const response = await toy.post("{ fine fails }", { accept: "application/json" });
    const text = await response.text();
    expect(text).not.toContain("hunter2");
    expect(JSON.parse(text)).toMatchObject({
      data: { fine: 1, fails: null },
      errors: [
        {
          message: "Unexpected error.",
          path: ["fails"],
          extensions: { code: "INTERNAL_SERVER_ERROR", id: response.headers.get("x-request-id") },
        },
      ],
    });
  });

  test("is logged once with the id that the client gets, however many fields it failed", async () => {
    const error = new Error("boom", { cause: new Error("the fuse") });
    const toy = toyGateway("type Query { a: Int b: Int }", { Query: { a: throwing(error), b: throwing(error) } });
    const answer = await toy.ask("{ a b }", { headers: { "x-request-id": "me-1" } });
    expect(answer.errors?.map(({ extensions }) => extensions.id)).toEqual(["me-1", "me-1"]);
    const logged = toy.lines.filter(({ level }) => level === 50);
    expect(logged).toHaveLength(1);
    expect(logged[0]).toMatchObject({ id: "me-1", path: "a" });
    expect(JSON.stringify(logged[0])).toContain("the fuse");
  });

  test("is masked in a deferred payload", async () => {
    const toy = failing(new Error(secret));
    const payloads = await collect(
      readMultipart(await toy.post("{ fine ... @defer { fails } }", { accept: "multipart/mixed" })),
    );
    expect(JSON.stringify(payloads)).not.toContain("hunter2");
    expect(payloads.at(-1)?.incremental?.[0]?.errors?.[0]).toMatchObject({
      message: "Unexpected error.",
      extensions: { code: "INTERNAL_SERVER_ERROR" },
    });
    expect(toy.lines.filter(({ level }) => level === 50)).toHaveLength(1);
  });

  test("is masked when a streamed source breaks", async () => {
    const toy = toyGateway("type Query { letters: [String!] }", {
      Query: {
        letters: async function* () {
          yield "a";
          throw new Error(secret);
        },
      },
    });
    const response = await toy.post("{ letters @stream(initialCount: 1) }", { accept: "multipart/mixed" });
    const payloads = await collect(readMultipart(response));
    expect(JSON.stringify(payloads)).not.toContain("hunter2");
    expect(payloads.at(-1)?.incremental?.[0]?.errors?.[0]?.extensions.code).toBe("INTERNAL_SERVER_ERROR");
  });

  test("is masked when it comes from making the context", async () => {
    for (const error of [
      new Error(secret),
      new DOMException(secret, "AbortError"),
      new AggregateError([secret], secret),
    ]) {
      const toy = toyGateway("type Query { a: Int }", {}, { createContext: throwing(error) });
      const response = await toy.post("{ a }", { accept: "application/json" });
      expect(response.status).toBe(500);
      expect(await response.json()).toEqual({
        errors: [
          {
            message: "Unexpected error.",
            extensions: { code: "INTERNAL_SERVER_ERROR", id: response.headers.get("x-request-id") },
          },
        ],
      });
      expect(toy.lines.filter(({ level }) => level === 50)).toHaveLength(1);
    }
  });

  test("what a resolver wrongly returned is not shown", async () => {
    const toy = toyGateway("type Query { list: [Int] number: Int! }", {
      Query: { list: () => ({ secret }), number: () => secret },
    });
    const answer = await toy.ask("{ list number }");
    expect(JSON.stringify(answer)).not.toContain("hunter2");
    expect(answer.errors?.map(({ extensions }) => extensions.code)).toContain("INTERNAL_SERVER_ERROR");
  });
});

describe("a client's own mistake", () => {
  const sdl = "input In { n: Int! } type Query { a(n: Int, list: [Int!], in: In): Int }";
  const toy = () => toyGateway(sdl, { Query: { a: () => 1 } });

  test("in the syntax is GRAPHQL_PARSE_FAILED, with its place", async () => {
    const answer = await toy().ask("{ a ");
    expect(answer.errors?.[0]).toMatchObject({
      locations: [{ line: 1, column: 5 }],
      extensions: { code: "GRAPHQL_PARSE_FAILED" },
    });
  });

  test("in the document is GRAPHQL_VALIDATION_FAILED, the second time too", async () => {
    const once = toy();
    for (let time = 0; time < 2; time++) {
      const answer = await once.ask("{ b }");
      expect(answer.errors?.[0]?.extensions).toEqual({ code: "GRAPHQL_VALIDATION_FAILED" });
    }
  });

  test("in a variable is BAD_USER_INPUT", async () => {
    const answer = await toy().ask("query ($n: Int) { a(n: $n) }", { variables: { n: "x" } });
    expect(answer.errors?.[0]?.extensions).toEqual({ code: "BAD_USER_INPUT" });
    expect(answer.errors?.[0]?.message).toContain('"$n"');
  });

  test("in an argument that only execution can check is BAD_USER_INPUT", async () => {
    const answer = await toy().ask("query ($n: Int = 1) { a(in: { n: $n }) }", { variables: { n: null } });
    expect(answer.errors?.[0]).toMatchObject({ path: ["a"], extensions: { code: "BAD_USER_INPUT" } });
  });

  test("in the name of the operation is BAD_USER_INPUT", async () => {
    const answer = await toy().ask("query A { a } query B { a }", { operationName: "C" });
    expect(answer.errors?.[0]?.extensions).toEqual({ code: "BAD_USER_INPUT" });
  });
});
