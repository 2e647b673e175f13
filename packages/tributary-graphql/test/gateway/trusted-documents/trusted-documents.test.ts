import { usePersistedOperations } from "@graphql-yoga/plugin-persisted-operations";
import { parse } from "graphql";
import { describe, expect, test } from "vitest";
import { ways } from "../plugins/support/served.ts";
import { codegenManifest, manifestFile, sha256, trusting } from "./support/trusting.ts";

const hello = "query Hello { hello }";
const add = "mutation Add { add }";
const manifest = codegenManifest({ Hello: hello, Add: add });
const codesOf = ({
  errors,
}: {
  readonly errors?: readonly { readonly extensions?: { readonly code?: unknown } }[] | undefined;
}) => errors?.map(({ extensions }) => extensions?.code);
const persisted = (sha256Hash: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } });

describe.each(["only", "prefer"] as const)("with the mode %s", (mode) => {
  test.each(ways)("over %s, a trusted document is executed by its text, its hash and its id", async (way) => {
    const { ask, toy } = await trusting({ mode }, [manifest, { "page-1": hello }]);
    const names = way === "GET" ? [persisted(sha256(hello))] : namesOf(sha256(hello), "page-1");
    expect((await ask(way, hello)).data).toEqual({ hello: "hello 1" });
    for (const [index, name] of names.entries()) {
      expect([name, (await ask(way, "", {}, name)).data]).toEqual([name, { hello: `hello ${index + 2}` }]);
    }
    expect(toy.gateway.trustedDocuments).toMatchObject({ documents: 2, trusted: names.length + 1, refused: 0 });
  });

  test.each(ways)("over %s, an unknown id or hash is refused, and no resolver is called", async (way) => {
    const { ask, calls, toy } = await trusting({ mode }, [manifest]);
    const unknown = await ask(way, "", {}, persisted("0".repeat(64)));
    expect(unknown.errors?.[0]?.message).toBe("PersistedQueryNotFound");
    expect(codesOf(unknown)).toEqual(["PERSISTED_QUERY_NOT_FOUND"]);
    expect([calls.hello, toy.gateway.trustedDocuments.refused]).toEqual([0, 1]);
  });

  test("a query string names a document by documentId and by id", async () => {
    const { url } = await trusting({ mode }, [manifest, { "page-1": hello }]);
    for (const name of [`documentId=sha256:${sha256(hello)}`, "documentId=page-1", "id=page-1"]) {
      const response = await fetch(`${url}?${name}`, { headers: { accept: "application/json" } });
      expect([name, await response.json()]).toEqual([name, { data: { hello: expect.stringMatching(/^hello/) } }]);
    }
  });

  test("a trusted mutation over GET is refused with 405, by its hash too", async () => {
    const { url, calls } = await trusting({ mode }, [manifest]);
    const response = await fetch(`${url}?documentId=${sha256(add)}`);
    expect([response.status, response.headers.get("allow"), calls.add]).toEqual([405, "POST", 0]);
  });

  test("an operation name that a trusted document does not have is refused", async () => {
    const { ask, calls } = await trusting({ mode }, [manifest]);
    const answer = await ask("POST", "", {}, { documentId: sha256(hello), operationName: "Other" });
    expect([codesOf(answer), calls.hello]).toEqual([["BAD_USER_INPUT"], 0]);
    expect((await ask("POST", "", {}, { documentId: sha256(hello), operationName: "Hello" })).data).toEqual({
      hello: "hello 1",
    });
  });

  test("gateway.fetch takes them by id", async () => {
    const { toy } = await trusting({ mode }, [manifest]);
    const body = JSON.stringify({ documentId: `sha256:${sha256(hello)}` });
    const headers = { "content-type": "application/json" };
    const response = await toy.gateway.fetch(new Request("http://a.test/graphql", { method: "POST", headers, body }));
    expect(await response.json()).toEqual({ data: { hello: "hello 1" } });
  });

  test("with a plugin that has HTTP hooks, they are found as well, and other texts are treated as without it", async () => {
    const { ask } = await trusting({ mode }, [manifest], {}, [{ onRequest: () => undefined }]);
    expect((await ask("POST", "", {}, persisted(sha256(hello)))).data).toEqual({ hello: "hello 1" });
    expect((await ask("WebSocket", "", {}, { documentId: sha256(hello) })).data).toEqual({ hello: "hello 2" });
    const other = await ask("POST", "{ hello }");
    expect(codesOf(other)).toEqual(mode === "only" ? ["FORBIDDEN"] : undefined);
  });

  test("the limits hold for trusted documents too: the estimated cost", async () => {
    const { ask, calls } = await trusting(
      { mode },
      [codegenManifest({ Deep: "query Deep { deep { next { id } } }" })],
      {
        maxCost: 1,
      },
    );
    const text = "query Deep { deep { next { id } } }";
    expect(codesOf(await ask("POST", "", {}, { documentId: sha256(text) }))).toEqual(["LIMIT_EXCEEDED"]);
    expect(calls.hello).toBe(0);
  });

  test("a trusted document may introspect where introspection is closed", async () => {
    const text = "query Schema { __schema { queryType { name } } }";
    const { ask } = await trusting({ mode }, [codegenManifest({ Schema: text })], { isProduction: true });
    expect((await ask("POST", text)).data).toEqual({ __schema: { queryType: { name: "Query" } } });
  });
});

test.each(["multipart/mixed", "text/event-stream"])(
  "a trusted document with @defer is streamed as %s",
  async (accept) => {
    const text = "query Deferred { hello ... @defer { later } }";
    const { url } = await trusting({ mode: "only" }, [codegenManifest({ Deferred: text })]);
    const response = await fetch(url, {
      method: "POST",
      headers: { accept, "content-type": "application/json" },
      body: JSON.stringify({ documentId: sha256(text) }),
    });
    expect(response.headers.get("content-type")).toContain(accept);
    const body = await response.text();
    expect(body).toContain('"data":{"hello":"hello 1"}');
    expect(body).toContain('"later":"later"');
  },
);

describe("with the plugin for persisted operations of Yoga", () => {
  const other = "query Other { later }";
  const plugin = () =>
    usePersistedOperations({
      allowArbitraryOperations: true,
      skipDocumentValidation: false,
      getPersistedOperation: (key: string) => (key === sha256(other) ? other : null),
    });

  test("both find their documents in the mode prefer", async () => {
    const { ask } = await trusting({ mode: "prefer" }, [manifest], {}, [plugin()]);
    expect((await ask("POST", "", {}, persisted(sha256(other)))).data).toEqual({ later: "later" });
    expect((await ask("POST", "", {}, { documentId: sha256(hello) })).data).toEqual({ hello: "hello 1" });
    expect((await ask("POST", hello)).data).toEqual({ hello: "hello 2" });
  });

  test("a document of the plugin alone is refused in the mode only", async () => {
    const { ask, calls } = await trusting({ mode: "only" }, [manifest], {}, [plugin()]);
    expect(codesOf(await ask("POST", "", {}, persisted(sha256(other))))).toEqual(["FORBIDDEN"]);
    expect((await ask("POST", "", {}, { documentId: sha256(hello) })).data).toEqual({ hello: "hello 1" });
    expect(calls.hello).toBe(1);
  });
});

describe("with the mode only", () => {
  test.each(ways)("over %s, another text is refused with FORBIDDEN, and no resolver is called", async (way) => {
    const { ask, calls, toy } = await trusting({ mode: "only" }, [manifest]);
    for (const text of ["{ hello }", `${hello} `, "{ __schema { queryType { name } } }", "{ unknown", "{"]) {
      expect([text, codesOf(await ask(way, text))]).toEqual([text, ["FORBIDDEN"]]);
    }
    expect([calls.hello, toy.gateway.trustedDocuments.refused]).toEqual([0, 5]);
  });

  test("the refusal has the status 403 for clients of GraphQL over HTTP, and is not cached", async () => {
    const { url } = await trusting({ mode: "only" }, [manifest]);
    const refused = await fetch(`${url}?query={hello}`, { headers: { accept: "application/graphql-response+json" } });
    expect([refused.status, refused.headers.get("cache-control")]).toEqual([403, "no-store"]);
    const lenient = await fetch(`${url}?query={hello}`, { headers: { accept: "application/json" } });
    expect(lenient.status).toBe(200);
  });

  test("GraphiQL is closed, unless it is opened", async () => {
    const page = async (opensGraphiQL?: boolean) => {
      const options = opensGraphiQL === undefined ? {} : { opensGraphiQL };
      const { url } = await trusting({ mode: "only" }, [manifest], options);
      return (await fetch(url, { headers: { accept: "text/html" } })).text();
    };
    expect(await page()).not.toContain("graphiql");
    expect(await page(true)).toContain("graphiql");
  });
});

describe("with the mode prefer", () => {
  test.each(ways)("over %s, another text is executed as before", async (way) => {
    const { ask, toy } = await trusting({ mode: "prefer" }, [manifest]);
    expect((await ask(way, "{ hello }")).data).toEqual({ hello: "hello 1" });
    expect(toy.gateway.trustedDocuments).toMatchObject({ trusted: 0, untrusted: 1, refused: 0 });
  });
});

test.each(ways)("without trusted documents, over %s, an id or hash is not supported", async (way) => {
  const { ask } = await trusting({ mode: "off" }, []);
  const answer = await ask(way, "", {}, persisted(sha256(hello)));
  expect(codesOf(answer)).toEqual(["PERSISTED_QUERY_NOT_SUPPORTED"]);
});

describe("manifests", () => {
  const started = (...manifests: readonly unknown[]) => trusting({ mode: "only" }, manifests);

  test("of the client preset, of Relay's compiler and of Apollo are read, several at once", async () => {
    const relay = "query Relay { hello }";
    const apollo = "query Apollo { hello }";
    const { ask } = await started(
      { "0a1b2c": hello },
      { d41d8cd98f00b204e9800998ecf8427e: relay },
      {
        format: "apollo-persisted-query-manifest",
        version: 1,
        operations: [{ id: sha256(apollo), name: "Apollo", type: "query", body: apollo }],
      },
    );
    for (const documentId of ["0a1b2c", "d41d8cd98f00b204e9800998ecf8427e", sha256(apollo), sha256(relay)]) {
      expect([documentId, (await ask("POST", "", {}, { documentId })).errors]).toEqual([documentId, undefined]);
    }
  });

  test("of several versions of a client are served side by side", async () => {
    const old = "query Hello { hello later }";
    const { ask } = await started(codegenManifest({ Hello: hello }), codegenManifest({ Hello: old }));
    expect((await ask("POST", "", {}, { documentId: sha256(hello) })).data).toEqual({ hello: "hello 1" });
    expect((await ask("POST", "", {}, { documentId: sha256(old) })).data).toEqual({ hello: "hello 2", later: "later" });
  });

  test.each([
    ["a syntax error", { a: "query Hello { hello" }, /query Hello is invalid: Syntax Error/],
    ["a field that the schema lacks", { a: "query Hello { gone }" }, /query Hello is invalid: .*"gone"/],
    ["an id of two texts", { a: hello, "sha256:0": hello }, /the id sha256:0 is not the SHA-256 of query Hello/],
    ["no JSON", "{", /is not valid JSON/],
    ["a list", [], /expected a JSON object, got /],
    ["a text that is none", { a: 1 }, /expected the text of a document at "a"/],
    ["another version", { version: 2, operations: {} }, /expected version 1, got 2/],
    ["a faulty budget", codegenManifest({ Hello: hello }, { sources: { a: -1 } }), /the budget of Hello is invalid/],
  ])("with %s stop the start with one line that names the file", async (_, content, message) => {
    const failure = await started(content).catch((error: Error) => error.message);
    expect(failure).toMatch(message);
    expect(failure).toMatch(/^Trusted documents: \S+manifest\.json: [^\n]+$/);
  });

  test("with the same id for two texts stop the start with both files", async () => {
    const failure = await started({ a: hello }, { a: "query Other { hello }" }).catch((error: Error) => error.message);
    expect(failure).toMatch(
      /manifest\.json: the id a of query Other is that of query Hello in \S+manifest\.json already/,
    );
  });

  test("that are missing stop the start with what to do", async () => {
    const failure = await trusting({ mode: "only", files: ["missing.json"] }, []).catch(
      (error: Error) => error.message,
    );
    expect(failure).toBe(
      "Trusted documents: missing.json: the file cannot be read (ENOENT). Write it with `npx tributary codegen`, or name " +
        "the right one in TRUSTED_DOCUMENT_FILES.",
    );
  });

  test("are parsed once, at the start: resolvers get the same document each time, and cannot change it", async () => {
    const seen = new Set<unknown>();
    const note = {
      onExecute: ({ args }: { readonly args: { readonly document: unknown } }) => void seen.add(args.document),
    };
    const { ask } = await trusting({ mode: "only" }, [manifest], {}, [note]);
    await ask("POST", hello);
    await ask("POST", "", {}, { documentId: sha256(hello) });
    expect(seen.size).toBe(1);
    expect(Object.isFrozen([...seen][0])).toBe(true);
    expect([...seen][0]).toMatchObject({ kind: parse(hello).kind });
  });
});

test("options that contradict each other stop the start", async () => {
  const file = manifestFile(manifest);
  const failing = async (options: object) => trusting(options, []).catch((error: Error) => error.message);
  expect(await failing({ mode: "only", files: [] })).toMatch(/the mode only needs a manifest/);
  expect(await failing({ mode: "only", files: [file], acceptsRegistration: true })).toMatch(/acceptsRegistration/);
  expect(await failing({ mode: "prefer", files: [file], publicMaxAgeSeconds: { Hello: -1 } })).toMatch(
    /publicMaxAgeSeconds\.Hello: expected a whole number of seconds, got -1/,
  );
});

const namesOf = (hash: string, id: string) => [
  persisted(hash),
  persisted(id),
  { documentId: `sha256:${hash}` },
  { documentId: hash },
  { documentId: id },
  { id },
];
