import { GraphQLError, GraphQLObjectType, GraphQLSchema, GraphQLString } from "graphql";
import type { Plugin as YogaPlugin } from "graphql-yoga";
import { createGateway, type GatewayOptions } from "tributary-graphql";
import { describe, expect, test, vi } from "vitest";
import { resultOf, served, ways } from "./support/served.ts";

type Plugin = Exclude<NonNullable<GatewayOptions["plugins"]>[number], false | null | undefined>;

const schema = new GraphQLSchema({
  query: new GraphQLObjectType({ name: "Query", fields: { hello: { type: GraphQLString, resolve: () => "hello" } } }),
});

describe("each hook of Envelop is called once per operation, in order,", () => {
  const recording = (called: string[]): Plugin => ({
    onEnveloped: () => void called.push("enveloped"),
    onParse: () => void called.push("parse"),
    onValidate: () => void called.push("validate"),
    onContextBuilding: () => void called.push("context"),
    onExecute: () => void called.push("execute"),
    onSubscribe: () => void called.push("subscribe"),
  });
  const before = ["enveloped", "parse", "validate", "context"];

  test.each(ways)("for a query over %s", async (way) => {
    const called: string[] = [];
    const { ask } = await served([recording(called)]);
    for (let time = 0; time < 2; time++) expect((await ask(way, "{ hello }")).errors).toBeUndefined();
    expect(called).toEqual([...before, "execute", ...before, "execute"]);
  });

  test.each(["event stream", "WebSocket"] as const)("for a subscription over %s", async (way) => {
    const called: string[] = [];
    const { ask } = await served([recording(called)]);
    expect((await ask(way, "subscription { ticks { n } }")).data).toEqual({ ticks: { n: 1 } });
    expect(called).toEqual([...before, "subscribe"]);
  });

  test.each(ways)("up to the step that refuses the document, over %s", async (way) => {
    const called: string[] = [];
    const { ask } = await served([recording(called)]);
    expect((await ask(way, "{ nothing }")).errors).toHaveLength(1);
    expect((await ask(way, "{ hello")).errors).toHaveLength(1);
    expect(called).toEqual(["enveloped", "parse", "validate", "enveloped", "parse"]);
  });
});

describe("HTTP hooks are called for an operation", () => {
  test.each(ways)("over %s", async (way) => {
    const called: string[] = [];
    const { ask } = await served([
      {
        onRequest: ({ request }) => void called.push(`request ${request.method} ${request.headers.get("x-who")}`),
        onRequestParse: () => void called.push("requestParse"),
        onParams: ({ params }) => void called.push(`params ${params.query}`),
        onExecutionResult: () => void called.push("executionResult"),
        onResultProcess: () => void called.push("resultProcess"),
        onResponse: ({ response }) => void called.push(`response ${response.status}`),
      },
    ]);
    // A WebSocket has the headers that its client gives in connection_init, of which authorization is one.
    expect((await ask(way, "{ hello }", { "x-who": "ada" })).data).toEqual({ hello: "hello 1" });
    const who = way === "WebSocket" ? null : "ada";
    expect(called).toEqual([
      `request ${way === "GET" ? "GET" : "POST"} ${who}`,
      "requestParse",
      "params { hello }",
      "executionResult",
      "resultProcess",
      "response 200",
    ]);
  });

  test.each(ways)("and end it before a resolver is called, over %s", async (way) => {
    const { ask, calls } = await served([
      {
        onRequest({ endResponse, fetchAPI }) {
          const errors = [{ message: "Not today.", extensions: { code: "FORBIDDEN" } }];
          endResponse(fetchAPI.Response.json({ errors }, { status: 403 }));
        },
      },
    ]);
    const { errors, status } = await ask(way, "{ hello }");
    expect(errors).toMatchObject([{ message: "Not today.", extensions: { code: "FORBIDDEN" } }]);
    expect(status).toBe(way === "WebSocket" ? undefined : 403);
    expect(calls.hello).toBe(0);
  });

  test("of another path, which a plugin may serve, and not for those of the gateway", async () => {
    const paths: string[] = [];
    const { url } = await served([
      {
        onRequest({ url: { pathname }, endResponse, fetchAPI }) {
          paths.push(pathname);
          if (pathname === "/hello") endResponse(new fetchAPI.Response("hello"));
        },
      },
    ]);
    expect(await (await fetch(new URL("/hello", url))).text()).toBe("hello");
    expect((await fetch(new URL("/nowhere", url))).status).toBe(404);
    expect((await fetch(new URL("/health/live", url))).status).toBe(200);
    expect(paths).toEqual(["/hello", "/nowhere"]);
  });
});

test("a start with HTTP hooks says in one line that all requests go through Yoga, and which hooks ask for it", async () => {
  const { toy } = await served([
    { onRequest: () => undefined },
    { onParams: () => undefined, onParse: () => undefined },
  ]);
  expect(toy.lines).toMatchObject([
    { level: 40, msg: "plugins with HTTP hooks send every request through Yoga", hooks: ["onRequest", "onParams"] },
  ]);
});

test("a plugin that another one adds counts too", async () => {
  const { toy } = await served([
    { onPluginInit: ({ addPlugin }) => addPlugin({ onResponse: () => undefined } as never) },
  ]);
  expect(toy.lines).toMatchObject([{ hooks: ["onResponse"] }]);
});

test("a start with hooks of Envelop alone says nothing", async () => {
  expect((await served([{ onParse: () => undefined }])).toy.lines).toEqual([]);
});

test("identical queries are coalesced without plugins, and not with one, which has to see each", async () => {
  const alone = await served([]);
  const shared = [alone.ask("POST", "{ held }"), alone.ask("POST", "{ held }")];
  await expect.poll(() => alone.toy.gateway.coalescing.coalesced).toBe(1);
  alone.release();
  await Promise.all(shared);
  expect(alone.calls.held).toBe(1);

  const hooked = await served([{ onParse: () => undefined }]);
  const each = [hooked.ask("POST", "{ held }"), hooked.ask("POST", "{ held }")];
  await expect.poll(() => hooked.calls.held).toBe(2);
  hooked.release();
  await Promise.all(each);
});

describe("the context", () => {
  test.each(ways)("has the app's members and those of plugins, over %s", async (way) => {
    const { ask, contexts } = await served(
      [
        {
          onContextBuilding: ({ context, extendContext }) =>
            extendContext({ fromPlugin: (context as { app?: string }).app }),
        },
      ],
      { createContext: () => ({ app: "atlas" }) as never },
    );
    await ask(way, "{ hello }");
    expect(contexts.get("hello")).toMatchObject({ app: "atlas", fromPlugin: "atlas" });
  });

  test("may be an object of a class with private fields, a getter and a method", async () => {
    class App {
      readonly #name = "ada";
      own = 1;
      get name() {
        return this.#name;
      }
      greet() {
        return `Hi ${this.#name}`;
      }
    }
    const { ask, contexts } = await served([{ onExecute: ({ extendContext }) => extendContext({ more: true }) }], {
      createContext: () => new App() as never,
    });
    await ask("POST", "{ hello }");
    const context = contexts.get("hello") as unknown as App & { more: boolean };
    expect([context.own, context.name, context.greet(), context.more]).toEqual([1, "ada", "Hi ada", true]);
  });

  test("is the app's own object, unchanged, without plugins", async () => {
    const own = { app: "atlas" };
    const { ask, contexts } = await served([], { createContext: () => own as never });
    await ask("POST", "{ hello }");
    expect(contexts.get("hello")).toBe(own);
  });

  test.each(["event stream", "WebSocket"] as const)(
    "of each event of a subscription over %s is made anew by the app, and keeps the members of plugins",
    async (way) => {
      let made = 0;
      const { ask, contexts, toy } = await served(
        [{ onContextBuilding: ({ extendContext }) => extendContext({ viewer: "ada" }) }],
        { createContext: () => ({ number: ++made }) as never },
      );
      await ask(way, "subscription { ticks { n } }");
      await toy.gateway.close();
      expect(contexts.get("subscribe")).toMatchObject({ number: 1, viewer: "ada" });
      expect(contexts.get("tick 1")).toMatchObject({ number: 2, viewer: "ada" });
    },
  );

  test.each(ways)("that cannot be made is masked, over %s", async (way) => {
    const { ask, toy } = await served([{ onParse: () => undefined }], {
      createContext: () => {
        throw new GraphQLError("secret");
      },
    });
    const { errors } = await ask(way, "{ hello }");
    expect(errors).toMatchObject([{ message: "Unexpected error.", extensions: { code: "INTERNAL_SERVER_ERROR" } }]);
    expect(toy.lines.some(({ msg }) => msg === "unexpected error")).toBe(true);
  });
});

describe("an error that a hook throws", () => {
  const thrown = (hook: string, error: unknown): Plugin => ({
    [hook]: () => {
      throw error;
    },
  });

  test.each([
    ["onParse", "GRAPHQL_PARSE_FAILED"],
    ["onValidate", "GRAPHQL_VALIDATION_FAILED"],
    ["onContextBuilding", "BAD_USER_INPUT"],
    ["onExecute", "BAD_USER_INPUT"],
    ["onParams", "BAD_USER_INPUT"],
    ["onRequestParse", "BAD_USER_INPUT"],
  ])("as a GraphQLError in %s is told to the client with the code %s", async (hook, code) => {
    for (const way of ways) {
      const { ask, calls } = await served([thrown(hook, new GraphQLError("Not so."))]);
      expect((await ask(way, "{ hello }")).errors).toMatchObject([{ message: "Not so.", extensions: { code } }]);
      expect(calls.hello).toBe(0);
    }
  });

  test.each(["onParse", "onValidate", "onContextBuilding", "onExecute", "onParams"])(
    "as any other error in %s is masked and logged",
    async (hook) => {
      for (const way of ways) {
        const { ask, calls, toy } = await served([thrown(hook, new Error("secret"))]);
        expect((await ask(way, "{ hello }")).errors).toMatchObject([
          { message: "Unexpected error.", extensions: { code: "INTERNAL_SERVER_ERROR" } },
        ]);
        expect(toy.lines.filter(({ msg }) => msg === "unexpected error")).toHaveLength(1);
        expect(calls.hello).toBe(0);
      }
    },
  );

  test.each(ways)("of another copy of graphql is told to the client too, over %s", async (way) => {
    const foreign = Object.assign(new Error("Too deep."), { name: "GraphQLError", extensions: {} });
    for (const hook of ["onValidate", "onExecute", "onParams"]) {
      const { ask } = await served([thrown(hook, foreign)]);
      const { errors } = await ask(way, "{ hello }");
      expect(errors?.map(({ message }) => message)).toEqual(["Too deep."]);
    }
  });

  test.each([
    [401, "UNAUTHENTICATED"],
    [403, "FORBIDDEN"],
    [429, "RATE_LIMITED"],
    [418, "BAD_USER_INPUT"],
  ])("with the status %i gives that status and the code %s", async (status, code) => {
    const extensions = { code: "OF_ITS_OWN", http: { status, headers: { "x-of-plugin": "1" } } };
    for (const hook of ["onContextBuilding", "onParams"]) {
      const { ask } = await served([thrown(hook, new GraphQLError("Not so.", { extensions }))]);
      const answer = await ask("POST", "{ hello }");
      expect([answer.status, answer.headers?.get("x-of-plugin")]).toEqual([status, "1"]);
      expect(resultOf(answer)).toEqual({ errors: [{ message: "Not so.", extensions: { code } }] });
    }
  });
});

describe("a result", () => {
  const done = (change: (result: object) => object): Plugin => ({
    onExecute: () => ({
      onExecuteDone: ({ result, setResult }) => setResult(change(result as object) as never),
    }),
  });

  test.each(ways)("may be changed by a plugin, over %s", async (way) => {
    const { ask } = await served([done((result) => ({ ...result, extensions: { took: 1 } }))]);
    expect(resultOf(await ask(way, "{ hello }"))).toEqual({ data: { hello: "hello 1" }, extensions: { took: 1 } });
  });

  test.each(ways)("has the errors that a plugin adds masked, over %s", async (way) => {
    const { ask } = await served([
      done((result) => ({ ...result, errors: [new Error("secret"), { message: "secret" }] })),
    ]);
    const { errors } = await ask(way, "{ hello }");
    expect(errors?.map(({ message }) => message)).toEqual(["Unexpected error.", "Unexpected error."]);
  });

  test.each(ways)("of a plugin's own is delivered, with its errors for the client, over %s", async (way) => {
    const { ask, calls } = await served([
      {
        onExecute: ({ setResultAndStopExecution }) =>
          setResultAndStopExecution({ data: null, errors: [new GraphQLError("Not on Sundays.")] }),
      },
    ]);
    const { data, errors } = await ask(way, "{ hello }");
    expect([data, errors]).toMatchObject([
      null,
      [{ message: "Not on Sundays.", extensions: { code: "BAD_USER_INPUT" } }],
    ]);
    expect(calls.hello).toBe(0);
  });

  test("has the status and the headers of its extensions.http, which clients do not see", async () => {
    const http = { status: 203, headers: { "cache-control": "max-age=5" } };
    const { ask } = await served([done((result) => ({ ...result, extensions: { http } }))]);
    const answer = await ask("POST", "{ hello }");
    expect([answer.status, answer.headers?.get("cache-control")]).toEqual([203, "max-age=5"]);
    expect(resultOf(answer)).toEqual({ data: { hello: "hello 1" } });
  });

  test("that a plugin writes itself has its errors masked before", async () => {
    const { ask } = await served([
      done((result) => ({ ...result, errors: [new Error("secret")] })),
      {
        onResultProcess({ setResultProcessor }) {
          setResultProcessor((result, { Response }) => Response.json({ own: result }) as never, "application/json");
        },
      } satisfies YogaPlugin,
    ]);
    const answer = resultOf(await ask("POST", "{ hello }")) as { readonly own?: object };
    expect(answer.own).toMatchObject({ data: { hello: "hello 1" }, errors: [{ message: "Unexpected error." }] });
  });

  test.each(["event stream", "WebSocket"] as const)("of an event may be changed, over %s", async (way) => {
    const { ask } = await served([
      {
        onSubscribe: () => ({
          onSubscribeResult: () => ({
            onNext: ({ result, setResult }) => setResult({ ...result, errors: [new Error("secret")] } as never),
          }),
        }),
      },
    ]);
    const { data, errors } = await ask(way, "subscription { ticks { n } }");
    expect([data, errors?.map(({ message }) => message)]).toEqual([{ ticks: { n: 1 } }, ["Unexpected error."]]);
  });

  test("in deferred parts reaches a plugin payload by payload", async () => {
    const payloads: unknown[] = [];
    const { url } = await served([
      {
        onExecute: () => ({
          onExecuteDone: () => ({ onNext: ({ result }) => void payloads.push(result) }),
        }),
      },
    ]);
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "multipart/mixed" },
      body: JSON.stringify({ query: "{ hello ... @defer { later } }" }),
    });
    expect(await response.text()).toContain('"data":{"later":"later"}');
    expect(payloads).toMatchObject([{ data: { hello: "hello 1" }, hasNext: true }, { hasNext: false }]);
  });
});

test("a plugin that ends its subscription is told so when the client leaves", async () => {
  const ended = vi.fn();
  const { ask, toy } = await served([{ onSubscribe: () => ({ onSubscribeResult: () => ({ onEnd: ended }) }) }]);
  for (const way of ["event stream", "WebSocket"] as const) await ask(way, "subscription { ticks { n } }");
  await expect.poll(() => ended.mock.calls.length).toBe(2);
  await toy.gateway.close();
  expect(toy.lines.filter(({ msg }) => msg === "request")).toHaveLength(2);
});

test("a schema that a plugin replaces at the start is the one that is served", async () => {
  const other = new GraphQLSchema({
    query: new GraphQLObjectType({ name: "Query", fields: { bye: { type: GraphQLString, resolve: () => "bye" } } }),
  });
  const { ask } = await served([{ onSchemaChange: ({ replaceSchema }) => replaceSchema(other) }]);
  for (const way of ways) expect((await ask(way, "{ bye }")).data).toEqual({ bye: "bye" });
});

test("a gateway that closes lets its plugins release what they hold, once", async () => {
  const dispose = vi.fn();
  const gateway = createGateway({ schema, plugins: [{ onDispose: dispose }] });
  await gateway.close();
  await gateway.close();
  expect(dispose).toHaveBeenCalledTimes(1);
});

test("false, null and undefined stand for no plugin", async () => {
  const { toy, ask } = await served([false, null, undefined]);
  expect((await ask("POST", "{ hello }")).data).toEqual({ hello: "hello 1" });
  expect(toy.gateway.coalescing.executed + toy.gateway.coalescing.coalesced).toBe(0);
});

test.each([
  ["a function", () => ({}), "it is a function. Call it with its options: it returns the plugin."],
  ["a promise", Promise.resolve({}), "it is a promise. Await it first."],
  ["a list", [{}], "it is a list. Spread it into the list of plugins."],
  ["a text", "useJWT", "it is of type string, and a plugin is an object with hooks."],
  [
    "a plugin of Apollo Server",
    { requestDidStart: () => undefined },
    /^it has none of the hooks of Envelop and Yoga \(.*\)\. It has: requestDidStart\.$/,
  ],
  ["an empty object", {}, /^it has none of the hooks of Envelop and Yoga \(.*\)\.$/],
  [
    "a plugin of a federation gateway",
    { onParse: () => undefined, onSubgraphExecute: () => undefined },
    "its hooks onSubgraphExecute are called neither by Envelop nor by Yoga, so it would not work as it is meant to.",
  ],
  [
    "a plugin that executes operations itself",
    { onYogaInit: ({ yoga }: { yoga: { getEnveloped: () => unknown } }) => void yoga.getEnveloped },
    "it executes operations itself, by yoga.getEnveloped, where the gateway could not mask their errors or end them.",
  ],
])("%s is refused at the start, with the reason", (_, plugin, reason) => {
  let message = "";
  try {
    createGateway({ schema, plugins: [{ onParse: () => undefined }, plugin as never] });
  } catch (error) {
    message = (error as Error).message;
  }
  const prefix = "plugins[1] of createGateway cannot be used: ";
  expect(message.slice(0, prefix.length)).toBe(prefix);
  expect(message.slice(prefix.length)).toEqual(typeof reason === "string" ? reason : expect.stringMatching(reason));
});
