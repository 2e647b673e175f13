import { once } from "node:events";
import { GraphQLError } from "graphql";
import { type ToyOptions, toyGateway } from "tributary-testing/toy-gateway.ts";
import { describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { FedSource } from "../subscriptions/support/fed-source.ts";
import { webSocketUrl } from "../subscriptions/support/transports.ts";

type Plugins = NonNullable<ToyOptions["plugins"]>;

const sdl = "type Query { hello: String } type Subscription { ticks: Int }";

async function served(plugins: Plugins, options: ToyOptions = {}) {
  const sources: FedSource[] = [];
  const ticks = () => {
    const source = new FedSource();
    sources.push(source);
    return source;
  };
  const toy = toyGateway(sdl, { Query: { hello: () => "hello" }, Subscription: { ticks } }, { plugins, ...options });
  const { url } = await toy.gateway.listen({ port: 0 });
  const post = (query: string, accept = "application/json") => {
    const headers = { "content-type": "application/json", accept };
    return fetch(url, { method: "POST", headers, body: JSON.stringify({ query }) });
  };
  /** Sends an operation over a WebSocket, and gives its messages as they come. */
  const overSocket = async (query: string) => {
    const socket = new WebSocket(webSocketUrl(url), "graphql-transport-ws");
    const messages: { readonly type: string; readonly payload?: unknown }[] = [];
    /** The payload of the first message of one of these types. */
    const received = (...types: readonly string[]) =>
      vi.waitFor(() => {
        const found = messages.find(({ type }) => types.includes(type));
        expect(messages.map(({ type }) => type)).toContain(found?.type ?? types[0]);
        return found?.payload;
      });
    socket.on("message", (text) => messages.push(JSON.parse(String(text))));
    await once(socket, "open");
    socket.send('{"type":"connection_init"}');
    await received("connection_ack");
    socket.send(JSON.stringify({ id: "1", type: "subscribe", payload: { query } }));
    return { socket, received };
  };
  return { toy, url, sources, post, overSocket };
}

/** A hook that never settles. */
function hanging(name: string) {
  let calls = 0;
  const hook = () => {
    calls += 1;
    return new Promise<never>(() => undefined);
  };
  /** Fulfils when the hook has been called so often. */
  const called = (times: number) => vi.waitFor(() => expect(calls).toBe(times));
  return { plugins: [{ [name]: hook }] as Plugins, called };
}

const late = { data: null, errors: [{ extensions: { code: "DEADLINE_EXCEEDED" } }] };

describe.each<[string, object]>([
  ["onContextBuilding", late],
  ["onExecute", late],
  ["onRequest", late],
  ["onParams", late],
  ["onResponse, which comes after the answer", { data: { hello: "hello" } }],
])("a hook that never settles, %s,", (title, answer) => {
  const [name = ""] = title.split(",");

  test("is no longer waited for when the deadline passes", async () => {
    const { post } = await served(hanging(name).plugins, { requestTimeoutMs: 30 });
    const response = await post("{ hello }");
    expect([response.status, await response.json()]).toMatchObject([200, answer]);
  });

  test("is no longer waited for over a WebSocket", async () => {
    const { overSocket } = await served(hanging(name).plugins, { requestTimeoutMs: 30 });
    const { socket, received } = await overSocket("{ hello }");
    expect(await received("next")).toMatchObject(answer);
    socket.terminate();
  });

  test("does not keep the gateway from closing", async () => {
    const { plugins, called } = hanging(name);
    const { toy, overSocket, post } = await served(plugins, { drainTimeoutMs: 50 });
    const { socket } = await overSocket("{ hello }");
    const posted = post("{ hello }").catch(() => undefined);
    await called(2);
    await toy.gateway.close();
    expect(await posted).toBeUndefined();
    expect(toy.lines.filter(({ msg }) => msg === "request")).toHaveLength(2);
    socket.terminate();
  });
});

describe.each<[string, Plugins, number]>([
  [
    "onResponse, which sets another response",
    [{ onResponse: ({ setResponse }) => setResponse(new Response("no", { status: 403 })) }],
    403,
  ],
  [
    "onResponse, which throws",
    [
      {
        onResponse: () => {
          throw new Error("no");
        },
      },
    ],
    500,
  ],
  [
    "onSubscribeResult, which throws",
    [
      {
        onSubscribe: () => ({
          onSubscribeResult: () => {
            throw new GraphQLError("no", { extensions: { code: "FORBIDDEN", http: { status: 403 } } });
          },
        }),
      },
    ],
    403,
  ],
  [
    "onResultProcess, which throws",
    [
      {
        onResultProcess: () => {
          throw new GraphQLError("no", { extensions: { code: "FORBIDDEN", http: { status: 403 } } });
        },
      },
    ],
    403,
  ],
])("a subscription that is dropped by %s,", (_, plugins, status) => {
  test("returns its source and gives its connection back", async () => {
    const { post, sources, toy } = await served(plugins, { subscriptions: { maxConnections: 1 } });
    for (let time = 0; time < 2; time++) {
      const response = await post("subscription { ticks }", "text/event-stream, application/json");
      expect(response.status).toBe(status);
      await response.text();
      await sources[time]?.returned;
    }
    await toy.gateway.close();
    expect(toy.lines.filter(({ msg }) => msg === "request")).toHaveLength(2);
  });

  test("returns its source over a WebSocket", async () => {
    const { overSocket, sources } = await served(plugins);
    const { socket, received } = await overSocket("subscription { ticks }");
    const refused = await received("error", "next");
    expect(Array.isArray(refused) ? refused : (refused as { errors: unknown[] }).errors).toHaveLength(1);
    await sources[0]?.returned;
    socket.terminate();
  });
});

describe("a parser of a plugin's own", () => {
  const own: Plugins = [
    {
      onRequestParse: ({ setRequestParser }: { setRequestParser(parse: (request: Request) => unknown): void }) =>
        setRequestParser(async (request) => (request.method === "GET" ? { query: "{ hello }" } : request.json())),
    },
  ];

  test("reads the request", async () => {
    const { post } = await served(own);
    expect(await (await post("{ hello }")).json()).toEqual({ data: { hello: "hello" } });
  });

  test("cannot pass a request that is refused: the gateway is not ready", async () => {
    const { post } = await served(own, { startsReady: false });
    expect((await post("{ hello }")).status).toBe(503);
  });

  test("cannot pass a request that is refused: a page embeds the query", async () => {
    const { toy, url } = await served(own);
    const headers = { "sec-fetch-mode": "no-cors", "sec-fetch-site": "cross-site", accept: "application/json" };
    expect((await toy.gateway.fetch(new Request(`${url}?query={hello}`, { headers }))).status).toBe(403);
  });

  test("cannot pass a request that is refused: nothing in Accept is served", async () => {
    const { post } = await served(own);
    expect((await post("{ hello }", "image/png")).status).toBe(406);
  });

  test("reads no more than the limit of a body", async () => {
    const { post } = await served(own, { limits: { bodyBytes: 100 } });
    const response = await post(`{ hello ${"#".repeat(100)}\n }`);
    expect([response.status, await response.json()]).toMatchObject([
      413,
      { errors: [{ extensions: { code: "LIMIT_EXCEEDED" } }] },
    ]);
  });
});

test("a response that a plugin puts in place of the answer reaches a WebSocket too", async () => {
  const { overSocket } = await served([
    { onResponse: ({ setResponse }) => setResponse(new Response("no", { status: 403 })) },
  ]);
  const { socket, received } = await overSocket("{ hello }");
  expect(await received("error")).toMatchObject([{ extensions: { code: "FORBIDDEN" } }]);
  socket.terminate();
});

describe("a subscription that a plugin executes itself", () => {
  const own = (sources: FedSource[], more: object = {}): Plugins => [
    {
      onSubscribe: ({ setSubscribeFn }: { setSubscribeFn(subscribe: () => unknown): void }) =>
        setSubscribeFn(async () => {
          const source = new FedSource();
          sources.push(source);
          return source;
        }),
      ...more,
    },
  ];

  test.each([
    ["Envelop hooks", {}],
    ["HTTP hooks", { onRequest: () => undefined }],
  ])("counts as an open stream, with %s", async (_, more) => {
    const sources: FedSource[] = [];
    const { post } = await served(own(sources, more), { subscriptions: { maxConnections: 1 }, requestTimeoutMs: 30 });
    const open = await post("subscription { ticks }", "text/event-stream");
    expect((await post("subscription { ticks }", "text/event-stream, application/json")).status).toBe(503);
    await sources[0]?.asked();
    // It has no deadline: an event is delivered long after that of the request.
    await new Promise((resolve) => setTimeout(resolve, 60));
    sources[0]?.push({ data: { ticks: 1 } });
    const reader = open.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    while (!text.includes('{"ticks":1}')) text += (await reader?.read())?.value;
    await reader?.cancel();
    await sources[0]?.returned;
  });
});

describe("an error that createContext throws is masked", () => {
  const createContext = (): never => {
    throw new GraphQLError("secret", { extensions: { code: "UNAUTHENTICATED" } });
  };

  test.each<[string, Plugins]>([
    ["without plugins", []],
    ["with Envelop hooks", [{ onExecute: () => undefined }]],
    ["with HTTP hooks", [{ onRequest: () => undefined }]],
  ])("%s", async (_, plugins) => {
    const { post } = await served(plugins, { createContext });
    for (const query of ["{ hello }", "subscription { ticks }"]) {
      const text = await (await post(query, "application/json, text/event-stream")).text();
      expect(text).toContain("Unexpected error.");
      expect(text).toContain("INTERNAL_SERVER_ERROR");
      expect(text.replace(/"exception":.*/, "")).not.toContain("secret");
    }
  });
});

test.each(["/graphql/", "/other/graphql", "/other?path=/graphql"])(
  "%s is not found, with HTTP hooks as without",
  async (path) => {
    for (const plugins of [[], [{ onRequest: () => undefined }]]) {
      const { url, toy } = await served(plugins);
      const response = await fetch(new URL(path, url), { headers: { accept: "application/json" } });
      expect(response.status).toBe(404);
      expect(toy.lines.filter(({ level }) => Number(level) >= 50)).toEqual([]);
    }
  },
);

test("a stream that a plugin answers with is refused for a client that accepts none", async () => {
  const source = new FedSource();
  const { post } = await served([{ onExecute: ({ setExecuteFn }) => setExecuteFn(() => source) }]);
  const response = await post("{ hello }");
  expect([response.status, await response.json()]).toMatchObject([
    406,
    { errors: [{ extensions: { code: "BAD_USER_INPUT" } }] },
  ]);
  await source.returned;
});

test.each(["Envelop hooks", "HTTP hooks"])(
  "the signal of a plugin's request fires when the client leaves, with %s",
  async (kind) => {
    const held = Promise.withResolvers<AbortSignal>();
    const { url } = await served([
      {
        onExecute: async ({ args }: { args: { contextValue: { request: Request } } }) => {
          const { signal } = args.contextValue.request;
          held.resolve(signal);
          await once(signal, "abort");
        },
        ...(kind === "HTTP hooks" && { onRequest: () => undefined }),
      },
    ]);
    const client = new AbortController();
    const headers = { "content-type": "application/json" };
    const asking = fetch(url, { method: "POST", headers, body: '{"query":"{ hello }"}', signal: client.signal });
    const signal = await held.promise;
    client.abort();
    await expect(asking).rejects.toThrow();
    await vi.waitFor(() => expect(signal.aborted).toBe(true));
  },
);

test("a schema that a plugin sets after the start is not served, and the log says so", async () => {
  const set: { schema?: (schema: unknown) => void } = {};
  const { toy, post } = await served([
    {
      onPluginInit: ({ setSchema }) => {
        set.schema = setSchema;
      },
    },
  ]);
  const { buildSchema } = await import("graphql");
  set.schema?.(buildSchema("type Query { other: Int }"));
  expect(await (await post("{ hello }")).json()).toEqual({ data: { hello: "hello" } });
  expect(toy.lines.filter(({ msg }) => String(msg).startsWith("a plugin replaced the schema"))).toHaveLength(1);
});
