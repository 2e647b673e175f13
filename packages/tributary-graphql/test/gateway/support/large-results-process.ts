import { setTimeout as delay } from "node:timers/promises";
import DataLoader from "dataloader";
import {
  GraphQLDeferDirective,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLStreamDirective,
  GraphQLString,
  specifiedDirectives,
} from "graphql";
import { pino } from "pino";
import type { RequestScope } from "../../../src/core/request-scope.ts";
import { resultMemory } from "../../../src/gateway/execution/result-memory.ts";
import { createGateway } from "../../../src/gateway/gateway.ts";

/**
 * A gateway in a process of its own, whose heap is limited on the command line of node: its lists multiply, and each node is
 * loaded. Tells its port, and then, whenever it is asked, how much memory is held for large results.
 */
export interface LargeResultsStart {
  readonly port: number;
}

export interface LargeResultsState {
  readonly heldBytes: number;
  readonly waitingCount: number;
}

interface Context extends RequestScope {
  readonly nodeById: DataLoader<number, Node>;
}

interface Node {
  readonly id: number;
  readonly name: string;
}

const [requestTimeoutMs = 30_000] = process.argv.slice(2).map(Number);

const n = { n: { type: new GraphQLNonNull(GraphQLInt) } };
const node: GraphQLObjectType<Node, Context> = new GraphQLObjectType<Node, Context>({
  name: "Node",
  fields: () => ({
    id: { type: GraphQLInt },
    name: { type: GraphQLString },
    nodes: { type: new GraphQLList(node), args: n, resolve: manyNodes },
  }),
});

function manyNodes(_: unknown, { n: count }: { n?: number }, { nodeById }: Context): Promise<Node>[] {
  // Keys that nobody else has: each node is an object of its own.
  return Array.from({ length: count ?? 0 }, () => nodeById.load(nextId++));
}

let nextId = 0;

const query = new GraphQLObjectType<unknown, Context>({
  name: "Query",
  fields: {
    one: { type: GraphQLInt, resolve: () => 1 },
    nodes: { type: new GraphQLList(node), args: n, resolve: manyNodes },
    texts: { type: new GraphQLList(GraphQLString), args: n, resolve: (_, { n: count }) => texts(count) },
    later: { type: GraphQLInt, resolve: (_, _args, { signal }) => delay(60_000, 1, { signal }) },
    fails: {
      type: new GraphQLNonNull(GraphQLInt),
      resolve: async (_, _args, { signal }) => {
        await delay(50, undefined, { signal });
        throw new Error("no");
      },
    },
  },
});
const subscription = new GraphQLObjectType<{ nodes: unknown }, Context>({
  name: "Subscription",
  fields: {
    nodes: {
      type: new GraphQLList(node),
      args: n,
      async *subscribe() {
        for (let event = 0; event < 3; event++) yield event;
      },
      resolve: manyNodes,
    },
  },
});

const texts = (count: number): string[] => Array.from({ length: count }, (_, at) => String(at).padEnd(10_000, "x"));

const gateway = createGateway<Context>({
  schema: new GraphQLSchema({
    query,
    subscription,
    directives: [...specifiedDirectives, GraphQLDeferDirective, GraphQLStreamDirective],
  }),
  createContext: (scope) =>
    Object.assign(scope, {
      nodeById: new DataLoader<number, Node>(
        async (ids) => {
          await delay(5);
          return ids.map((id) => ({ id, name: `node ${id}` }));
        },
        { batchScheduleFn: scope.scheduleBatch },
      ),
    }),
  logger: pino({ level: "silent" }),
  isProduction: false,
  requestTimeoutMs,
  graphiql: { title: "Large results", tabs: [] },
  readiness: {},
});
const { port } = await gateway.listen({ host: "127.0.0.1", port: 0 });
gateway.markReady();
process.on("message", () => {
  const { heldBytes, waitingCount } = resultMemory;
  process.send?.({ heldBytes, waitingCount } satisfies LargeResultsState);
});
process.send?.({ port } satisfies LargeResultsStart);
