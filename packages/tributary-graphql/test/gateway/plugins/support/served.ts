import { createClient } from "graphql-ws";
import type { GatewayOptions } from "tributary-graphql";
import {
  startingToyGateway,
  type ToyContext,
  type ToyGateway,
  type ToyOptions,
} from "tributary-testing/toy-gateway.ts";
import { onTestFinished } from "vitest";
import { type ClientResult, webSocketUrl } from "../../subscriptions/support/transports.ts";

type Plugins = NonNullable<GatewayOptions["plugins"]>;
type Headers = Readonly<Record<string, string>>;

const sdl = `
  type Query { hello: String later: String held: String deep: Node me: String echo(text: String): String }
  type Mutation { add: Int }
  type Subscription { ticks: Tick }
  type Tick { n: Int }
  type Node { id: ID! next: Node }
`;

export interface Answered extends ClientResult {
  /** Of HTTP. */
  readonly status?: number;
  readonly headers?: globalThis.Headers;
}

/** The ways on which an operation reaches a gateway. Each gives the first result. */
export const ways = ["POST", "GET", "event stream", "WebSocket"] as const;
export type Way = (typeof ways)[number];

export interface Served {
  readonly toy: ToyGateway;
  readonly url: string;
  /** How often each resolver was called. */
  readonly calls: { hello: number; held: number; add: number };
  /** Lets `held` answer. */
  release(): void;
  /** The contexts that resolvers got, by the field's name. */
  readonly contexts: Map<string, ToyContext & Record<string, unknown>>;
  ask(way: Way, query: string, headers?: Headers, extra?: object): Promise<Answered>;
}

/** A gateway with plugins that listens, over a schema that counts its calls. */
export async function served(plugins: Plugins, options: ToyOptions = {}): Promise<Served> {
  const calls = { hello: 0, held: 0, add: 0 };
  const gate = Promise.withResolvers<string>();
  const contexts: Served["contexts"] = new Map();
  const node = { id: "1", next: { id: "2", next: { id: "3" } } };
  const note = (name: string, context: ToyContext): void =>
    void contexts.set(name, context as ToyContext & Record<string, unknown>);
  const toy = startingToyGateway(
    sdl,
    {
      Query: {
        hello: (_: unknown, __: unknown, context: ToyContext) => {
          note("hello", context);
          return `hello ${++calls.hello}`;
        },
        later: async () => "later",
        held: () => {
          calls.held += 1;
          return gate.promise;
        },
        deep: () => node,
        me: (_: unknown, __: unknown, context: ToyContext) =>
          JSON.stringify((context as unknown as Record<string, unknown>).jwt ?? null),
        echo: (_: unknown, { text }: { readonly text: string }) => text,
      },
      Mutation: { add: () => ++calls.add },
      Subscription: {
        ticks: async function* (_: unknown, __: unknown, context: ToyContext) {
          note("subscribe", context);
          yield { ticks: { n: 1 } };
          yield { ticks: { n: 2 } };
        },
      },
      Tick: {
        n: (tick: { readonly n: number }, _: unknown, context: ToyContext) => {
          note(`tick ${tick.n}`, context);
          return tick.n;
        },
      },
    } as never,
    { startsReady: true, headers: ["authorization", "x-csrf", "x-who"], ...options, plugins },
  );
  const { url } = await toy.gateway.listen({ port: 0 });
  const ask: Served["ask"] = async (way, query, headers = {}, extra = {}) => {
    if (way === "WebSocket") return askSocket(url, { query, ...extra } as never, headers);
    const accept = way === "event stream" ? "text/event-stream" : "application/json";
    const isGet = way === "GET";
    const search = new URLSearchParams({ query });
    for (const [name, value] of Object.entries(extra)) search.set(name, JSON.stringify(value));
    if (isGet && query === "") search.delete("query");
    const response = await fetch(isGet ? `${url}?${search}` : url, {
      method: isGet ? "GET" : "POST",
      headers: { accept, ...(!isGet && { "content-type": "application/json" }), ...headers },
      ...(!isGet && { body: JSON.stringify({ ...(query !== "" && { query }), ...extra }) }),
    });
    const text = await response.text();
    const json = text.match(/data: (.+)/)?.[1] ?? text;
    return { ...(json === "" ? {} : JSON.parse(json)), status: response.status, headers: response.headers };
  };
  return { toy, url, calls, contexts, ask, release: () => gate.resolve("released") };
}

/** Errors that end an operation come as a list. */
function askSocket(url: string, payload: { readonly query: string }, headers: Headers): Promise<ClientResult> {
  const client = createClient({ url: webSocketUrl(url), retryAttempts: 0, connectionParams: headers });
  onTestFinished(() => void client.dispose());
  return new Promise((resolve, reject) => {
    client.subscribe(payload, {
      next: (result) => resolve(result as ClientResult),
      error: (error) => (Array.isArray(error) ? resolve({ errors: error }) : reject(error)),
      complete: () => undefined,
    });
  });
}

/** The results without the parts of HTTP. */
export const resultOf = ({ status: _, headers: __, ...result }: Answered): ClientResult => result;
