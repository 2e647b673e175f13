import fc from "fast-check";
import { GraphQLError } from "graphql";
import type { GraphQLRequestScope } from "tributary-graphql";
import { type ToyOptions, toyGateway } from "tributary-testing/toy-gateway.ts";
import { describe, expect, test } from "vitest";
import { type PathName, pathNames, toyOn } from "./paths/support/three-paths.ts";

const sdl = "type Query { read: String later: String }";

type Read = (scope: GraphQLRequestScope) => unknown;

/** A gateway whose field `read` answers with what a function reads of the scope. */
async function readingToy(path: PathName, read: Read, options: ToyOptions = {}) {
  const toy = await toyOn(
    path,
    sdl,
    { Query: { read: (_, __, scope) => JSON.stringify(read(scope as GraphQLRequestScope) ?? null) } },
    options,
  );
  const ask = async (headers: Readonly<Record<string, string>>) => {
    const response = await fetch(`http://127.0.0.1:${toy.port}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json", ...headers },
      body: '{"query":"{ read }"}',
    });
    const { data, errors } = (await response.json()) as { data?: { read: string | null }; errors?: object[] };
    return data?.read ? JSON.parse(data.read) : errors;
  };
  return { ...toy, ask };
}

describe.each(pathNames)("on the path %s", (path) => {
  test("a context reads the declared headers, in any case, and finds no other among them", async () => {
    const read: Read = ({ headers }) => [headers.get("X-Tenant"), headers.get("authorization"), [...headers.keys()]];
    const { ask } = await readingToy(path, read, { headers: ["x-TENANT", "authorization"] });
    expect(await ask({ "x-tenant": "a", "user-agent": "me", cookie: "a=1" })).toEqual(["a", null, ["x-tenant"]]);
  });

  test.each<[what: string, read: Read, message: string]>([
    ["header", ({ headers }) => headers.get("X-Other"), 'createGateway({ headers: ["x-other"] })'],
    ["header by has", ({ headers }) => headers.has("x-other"), 'createGateway({ headers: ["x-other"] })'],
    ["cookie header", ({ headers }) => headers.get("cookie"), 'createGateway({ cookies: ["<name>"] })'],
    ["cookie", ({ cookies }) => cookies.get("b"), 'createGateway({ cookies: ["b"] })'],
    ["address", (scope) => scope.clientAddress, "createGateway({ readsClientAddress: true })"],
  ])("to read an undeclared %s fails, and the log says how to declare it", async (_, read, message) => {
    const { ask, toy } = await readingToy(path, read, { headers: ["x-tenant"], cookies: ["a"] });
    const answer = await ask({ "x-other": "1", cookie: "b=1" });
    expect(answer).toEqual([expect.objectContaining({ message: "Unexpected error." })]);
    expect(JSON.stringify(toy.lines)).toContain(JSON.stringify(message).slice(1, -1));
  });

  test("a context reads the declared cookies: decoded, and the first of two of one name", async () => {
    const read: Read = ({ cookies }) => [cookies.get("a"), cookies.get("__proto__"), cookies.get("missing")];
    const { ask } = await readingToy(path, read, { cookies: ["a", "__proto__", "missing"] });
    const cookie = "b=0; a=x%20y; a=2; __proto__=p; hasOwnProperty=1";
    expect(await ask({ cookie })).toEqual(["x y", "p", null]);
    expect(await ask({ cookie: "a=%E0%A4%A" })).toEqual(["%E0%A4%A", null, null]);
    expect(await ask({ cookie: 'a; =x; a="1 2";;' })).toEqual(["1 2", null, null]);
  });

  test("a context reads the client's address, as trusted proxies tell it, where that is declared", async () => {
    const options = { readsClientAddress: true, trustedProxies: ["127.0.0.1"] };
    const { ask } = await readingToy(path, (scope) => scope.clientAddress, options);
    expect(await ask({ "x-forwarded-for": "192.0.2.7" })).toBe("192.0.2.7");
  });

  test("the trace context of a client is there for sources, if it is valid", async () => {
    const { ask } = await readingToy(path, ({ traceContext }) => traceContext);
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    expect(await ask({ traceparent, tracestate: "a=b" })).toEqual({ traceparent, tracestate: "a=b" });
    expect(await ask({ traceparent: "00-zz", tracestate: "a=b" })).toEqual({});
    expect(await ask({ traceparent, tracestate: "a".repeat(600) })).toEqual({ traceparent });
  });
});

test.each<[what: string, hooks: object]>([
  ["Envelop", {}],
  ["HTTP", { onResponse: () => undefined }],
])(
  "a plugin with %s hooks sees the declared headers and cookies, and those about the form of the answer",
  async (_, hooks) => {
    const seen: Record<string, string>[] = [];
    const plugin = {
      ...hooks,
      onExecute: ({ args }: { args: { contextValue: { request: Request } } }) =>
        void seen.push(Object.fromEntries(args.contextValue.request.headers)),
    };
    const { ask } = await readingToy("fast", () => 1, { headers: ["x-tenant"], cookies: ["a"], plugins: [plugin] });
    await ask({ "x-tenant": "t", "x-other": "1", authorization: "secret", cookie: "a=1; session=secret" });
    expect(seen).toEqual([expect.objectContaining({ "x-tenant": "t", cookie: "a=1", accept: "application/json" })]);
    expect(JSON.stringify(seen)).not.toContain("secret");
    expect(seen[0]).not.toHaveProperty("x-other");
  },
);

test.each<[options: ToyOptions, message: RegExp]>([
  [{ headers: ["a b"] }, /^headers: "a b" is not the name of an HTTP header\.$/],
  [{ headers: ["Cookie"] }, /^headers: cookie cannot be declared: name each cookie instead/],
  [{ headers: ["Host"] }, /^headers: host cannot be declared: it belongs to the connection/],
  [{ headers: ["traceparent"] }, /^headers: traceparent cannot be declared: it is different for each request/],
  [{ headers: ["x-a", "X-A"] }, /^headers: x-a is declared twice/],
  [{ cookies: ["a;b"] }, /^cookies: "a;b" is not the name of a cookie\.$/],
  [{ cookies: ["a", "a"] }, /^cookies: a is declared twice/],
])("the declaration %j stops the start with the reason", (options, message) => {
  expect(() => toyGateway(sdl, {}, options)).toThrow(
    expect.objectContaining({ message: expect.stringMatching(message) }),
  );
});

describe("identical queries", () => {
  /** Each execution waits until it is let go. */
  async function held(options: ToyOptions, answer: (scope: GraphQLRequestScope) => string) {
    const gate = Promise.withResolvers<void>();
    let executed = 0;
    const toy = await toyOn(
      "fast",
      sdl,
      {
        Query: {
          later: async (_, __, scope) => {
            executed += 1;
            await gate.promise;
            return answer(scope as GraphQLRequestScope);
          },
        },
      },
      options,
    );
    const send = (headers: Readonly<Record<string, string>>) =>
      fetch(`http://127.0.0.1:${toy.port}/graphql`, {
        method: "POST",
        headers: { "content-type": "application/json", accept: "application/json", ...headers },
        body: '{"query":"{ later }"}',
      });
    const arrived = (count: number) =>
      expect.poll(() => executed + toy.toy.gateway.coalescing.coalesced, { interval: 5, timeout: 10_000 }).toBe(count);
    return { ...toy, send, arrived, letGo: () => gate.resolve(), executed: () => executed };
  }

  test("of 20 browsers with other user agents, cookies and languages are executed once", async () => {
    const toy = await held({ headers: ["authorization"], cookies: ["session"] }, () => "x");
    const answers = Array.from({ length: 20 }, (_, index) =>
      toy.send({ "user-agent": `browser ${index}`, cookie: `_ga=${index}`, "accept-language": `x-${index}` }),
    );
    await toy.arrived(20);
    toy.letGo();
    for (const answer of answers) expect(await (await answer).json()).toEqual({ data: { later: "x" } });
    expect(toy.executed()).toBe(1);
  });

  test("whose answer sets a cookie are executed each by itself: no client gets another one's cookie", async () => {
    let session = 0;
    const toy = await held({}, () => {
      const http = { headers: { "set-cookie": `session=${++session}` } };
      throw new GraphQLError("Signed in.", { extensions: { code: "FORBIDDEN", http } });
    });
    const answers = [toy.send({}), toy.send({}), toy.send({})];
    await toy.arrived(3);
    toy.letGo();
    const cookies = await Promise.all(answers.map(async (answer) => (await answer).headers.get("set-cookie")));
    expect(new Set(cookies)).toEqual(new Set(["session=1", "session=2", "session=3"]));
    expect(toy.executed()).toBe(3);
    expect(toy.toy.lines.filter(({ msg, coalesced }) => msg === "request" && coalesced)).toEqual([]);
  });

  test("of any mix of clients get the answer for their own identity", async () => {
    const value = fc.constantFrom("a", "b", "a\tb", "a, b");
    const client = fc.record(
      { authorization: value, "x-tenant": value, session: fc.constantFrom("1", "2", "%31"), noise: fc.nat() },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(client, { minLength: 2, maxLength: 12 }), async (clients) => {
        const identity = ({ headers, cookies }: GraphQLRequestScope) =>
          JSON.stringify([headers.get("authorization"), headers.get("x-tenant"), cookies.get("session") ?? null]);
        const toy = await held({ headers: ["authorization", "x-tenant"], cookies: ["session"] }, identity);
        const answers = clients.map(({ session, noise, ...headers }) =>
          toy.send({ ...headers, "user-agent": String(noise), cookie: session ? `n=1; session=${session}` : "n=1" }),
        );
        await toy.arrived(clients.length);
        toy.letGo();
        const expected = clients.map(({ authorization = null, "x-tenant": tenant = null, session = null }) =>
          JSON.stringify([authorization, tenant, session && decodeURIComponent(session)]),
        );
        const received = await Promise.all(
          answers.map(async (answer) => ((await (await answer).json()) as { data: { later: string } }).data.later),
        );
        expect(received).toEqual(expected);
        // Two encodings of one session are two identities.
        expect(toy.executed()).toBeGreaterThanOrEqual(new Set(expected).size);
        expect(toy.executed()).toBeLessThanOrEqual(2 * new Set(expected).size);
      }),
      { numRuns: 15 },
    );
  });
});
