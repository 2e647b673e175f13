/** Apollo Server with its standalone server and a DataLoader per request. */
import { ApolloServer } from "@apollo/server";
import { startStandaloneServer } from "@apollo/server/standalone";
import { graphOf } from "./support/graph-of.js";
import { listeningOn, peerOptions } from "./support/peer.js";

const options = peerOptions();
const { typeDefs, resolvers, createContext } = await graphOf(options);
const { url } = await startStandaloneServer(new ApolloServer({ typeDefs, resolvers }), {
  listen: { port: options.port, host: "127.0.0.1" },
  context: async () => createContext(),
});
listeningOn(new URL(url).port, "/");
