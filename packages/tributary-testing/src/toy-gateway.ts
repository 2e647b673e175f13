import {
  buildSchema,
  GraphQLDeferDirective,
  type GraphQLFieldResolver,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLStreamDirective,
  specifiedDirectives,
} from "graphql";
import { pino } from "pino";
import type { RequestScope } from "tributary-graphql";
import { createGateway, type Gateway, type GatewayOptions } from "tributary-graphql";
import { onTestFinished } from "vitest";

export type ToyContext = RequestScope;
export type ToyResolver = GraphQLFieldResolver<unknown, ToyContext>;
export type ToyResolvers = Readonly<Record<string, Readonly<Record<string, ToyResolver>>>>;

/** A schema from SDL, with @defer and @stream. Resolvers of `Subscription` are used as `subscribe`. */
export function toySchema(sdl: string, resolvers: ToyResolvers): GraphQLSchema {
  const built = buildSchema(sdl);
  for (const [typeName, fields] of Object.entries(resolvers)) {
    const type = built.getType(typeName);
    if (!(type instanceof GraphQLObjectType)) throw new Error(`No object type ${typeName}.`);
    for (const [name, resolve] of Object.entries(fields)) {
      const field = type.getFields()[name];
      if (!field) throw new Error(`No field ${typeName}.${name}.`);
      if (typeName === "Subscription") field.subscribe = resolve;
      else field.resolve = resolve;
    }
  }
  const directives = [...specifiedDirectives, GraphQLDeferDirective, GraphQLStreamDirective];
  return new GraphQLSchema({ ...built.toConfig(), directives });
}

export interface ToyGateway {
  readonly gateway: Gateway;
  /** All log lines, parsed. */
  readonly lines: readonly LogLine[];
  /** The log line of the only request. Throws when there are none or several. */
  requestLine(): LogLine;
  post(query: string, options?: PostOptions): Promise<Response>;
  /** Sends a POST that accepts only `application/json`, and parses the response. */
  ask(query: string, options?: PostOptions): Promise<ToyAnswer>;
}

export type LogLine = Readonly<Record<string, unknown>>;

export interface ToyAnswer {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly ToyError[];
  readonly incremental?: readonly (Omit<ToyAnswer, "incremental"> & {
    path: unknown;
    label?: string;
    items?: unknown;
  })[];
  readonly hasNext?: boolean;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

export interface ToyError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: Readonly<Record<string, unknown>>;
}

export interface PostOptions {
  readonly accept?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
  readonly signal?: AbortSignal;
}

export type ToyOptions = Partial<Omit<GatewayOptions<ToyContext>, "schema" | "logger">>;

/** A gateway with a small schema, ready by default, which is closed when the test has finished. */
export function toyGateway(sdl: string, resolvers: ToyResolvers, options: ToyOptions = {}): ToyGateway {
  return startingToyGateway(sdl, resolvers, { startsReady: true, ...options });
}

export function startingToyGateway(sdl: string, resolvers: ToyResolvers, options: ToyOptions = {}): ToyGateway {
  const lines: LogLine[] = [];
  const gateway = createGateway<ToyContext>({
    schema: toySchema(sdl, resolvers),
    createContext: (scope) => scope,
    logger: pino({ level: "debug" }, { write: (line: string) => lines.push(JSON.parse(line)) }),
    isProduction: false,
    graphiql: { title: "Toys" },
    startsReady: false,
    // A connection that a test keeps open would delay the shutdown.
    idleGraceMs: 0,
    ...options,
  });
  onTestFinished(() => gateway.close());
  const post = (query: string, postOptions: PostOptions = {}) =>
    gateway.fetch(new Request("http://toys.test/graphql", postInit(query, postOptions)));
  return {
    gateway,
    lines,
    requestLine() {
      const requests = lines.filter(({ msg }) => msg === "request");
      const [line] = requests;
      if (!line || requests.length > 1) throw new Error(`Expected one request line, found ${requests.length}.`);
      return line;
    },
    post,
    ask: async (query, postOptions = {}) => {
      const response = await post(query, { accept: "application/json", ...postOptions });
      return (await response.json()) as ToyAnswer;
    },
  };
}

export function postInit(
  query: string,
  { accept, headers, variables, operationName, signal }: PostOptions,
): RequestInit {
  return {
    method: "POST",
    headers: { "content-type": "application/json", ...(accept && { accept }), ...headers },
    body: JSON.stringify({ query, variables, operationName }),
    signal: signal ?? null,
  };
}
