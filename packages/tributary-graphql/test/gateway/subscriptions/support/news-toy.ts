import type { GraphQLRequestScope } from "tributary-graphql";
import type { ToyContext, ToyGateway, ToyOptions } from "tributary-testing/toy-gateway.ts";
import { toyGateway } from "tributary-testing/toy-gateway.ts";
import { FedSource } from "./fed-source.ts";

const sdl = `
  type Query { hello: String! never: String }
  type Mutation { shout(text: String!): String! }
  type Subscription { news(about: String): News refused: News }
  type News { text: String! broken: String readers: Int slow: String called: String }
`;

/** An event, as the source has it. */
export const news = (text: string) => ({ news: { text } });

export interface NewsToy extends ToyGateway {
  readonly source: FedSource;
  readonly url: string;
  /** How many contexts were made. */
  contexts(): number;
  /** Of the last context. */
  lastScope(): GraphQLRequestScope | undefined;
  /** Fulfils when `never` waits, with its signal. */
  readonly neverAsked: Promise<AbortSignal>;
  /** Fulfils when `slow` waits, with its signal. */
  readonly slowAsked: Promise<AbortSignal>;
}

/** A gateway over HTTP with news that the test feeds. */
export async function newsToy(options: ToyOptions = {}): Promise<NewsToy> {
  const source = new FedSource();
  const neverAsked = Promise.withResolvers<AbortSignal>();
  const slowAsked = Promise.withResolvers<AbortSignal>();
  let contexts = 0;
  let lastScope: GraphQLRequestScope | undefined;
  const untilAborted = ({ signal }: ToyContext) =>
    new Promise<string>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  const toy = toyGateway(
    sdl,
    {
      Query: {
        hello: () => "hello",
        never: (_, __, context) => {
          neverAsked.resolve(context.signal);
          return untilAborted(context);
        },
      },
      Mutation: { shout: (_, { text }) => String(text).toUpperCase() },
      Subscription: {
        news: () => source,
        refused: () => {
          throw new Error("secret");
        },
      },
      News: {
        broken: () => {
          throw new Error("secret");
        },
        readers: () => contexts,
        slow: (_, __, context) => {
          slowAsked.resolve(context.signal);
          return untilAborted(context);
        },
        called: async (_, __, { calls }) => {
          calls.begin("readers", "count", 1).succeed(1);
          return "called";
        },
      },
    },
    {
      headers: ["authorization", "x-forwarded-user"],
      cookies: ["session"],
      ...options,
      createContext: (scope) => {
        contexts += 1;
        lastScope = scope;
        return scope;
      },
    },
  );
  const { url } = await toy.gateway.listen({ host: "127.0.0.1", port: 0 });
  return {
    ...toy,
    source,
    url,
    contexts: () => contexts,
    lastScope: () => lastScope,
    neverAsked: neverAsked.promise,
    slowAsked: slowAsked.promise,
  };
}
