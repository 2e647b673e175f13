import { randomBytes } from "node:crypto";
import {
  GraphQLDeferDirective,
  GraphQLList,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLStreamDirective,
  GraphQLString,
  specifiedDirectives,
} from "graphql";
import { pino } from "pino";
import { createGateway } from "../../../../src/gateway/gateway.ts";

/**
 * A gateway in a process of its own, whose memory is nobody else's: over a list of as many items of as many bytes as the
 * command line says. Tells its port, and then, whenever it is asked, its memory and how many items it has made.
 */
const [itemCount, itemBytes] = process.argv.slice(2).map(Number);

export interface LongListStart {
  readonly port: number;
}

export interface LongListState {
  /** Resident memory, in bytes. */
  readonly rss: number;
  readonly made: number;
}

let made = 0;

/** Random, so that neither the engine nor an encoding makes little of them. */
async function* items(): AsyncGenerator<string, void> {
  for (; made < (itemCount ?? 0); made++) yield randomBytes((itemBytes ?? 0) / 2).toString("hex");
}

const query = new GraphQLObjectType({
  name: "Query",
  fields: { items: { type: new GraphQLList(GraphQLString), resolve: items } },
});
const directives = [...specifiedDirectives, GraphQLDeferDirective, GraphQLStreamDirective];

const gateway = createGateway({
  schema: new GraphQLSchema({ query, directives }),
  createContext: (scope) => scope,
  logger: pino({ level: "silent" }),
  isProduction: false,
  requestTimeoutMs: 600_000,
  graphiql: { title: "A long list", tabs: [] },
  readiness: {},
});
const { port } = await gateway.listen({ host: "127.0.0.1", port: 0 });
gateway.markReady();
process.on("message", () => process.send?.({ rss: process.memoryUsage.rss(), made } satisfies LongListState));
process.send?.({ port } satisfies LongListStart);
