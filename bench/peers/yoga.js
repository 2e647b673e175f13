/** GraphQL Yoga with a DataLoader per request, without logging and GraphiQL, as in production. */
import { createServer } from "node:http";
import { createSchema, createYoga } from "graphql-yoga";
import { graphOf } from "./support/graph-of.js";
import { listeningOn, peerOptions } from "./support/peer.js";

const options = peerOptions();
const { typeDefs, resolvers, createContext } = await graphOf(options);
const yoga = createYoga({
  schema: createSchema({ typeDefs, resolvers }),
  context: createContext,
  logging: false,
  graphiql: false,
});
const server = createServer(yoga);
server.listen(options.port, "127.0.0.1", () => listeningOn(server.address().port));
