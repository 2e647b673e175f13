/** Mercurius on Fastify with its own loaders; it compiles a query at its second execution. */
import Fastify from "fastify";
import mercurius from "mercurius";
import { listeningOn, peerOptions } from "./support/peer.js";
import { findUsers, resolvers, typeDefs } from "./support/posts-graph.js";
import { connectService } from "./support/service.js";

const { upstream, port } = peerOptions();
const get = connectService(upstream);
const app = Fastify();
app.register(mercurius, {
  schema: typeDefs,
  resolvers: { Query: resolvers.Query },
  loaders: {
    Post: {
      user: {
        // The loader batches by user; Mercurius' own cache would have an entry per post.
        opts: { cache: false },
        loader: async (queries) => {
          const ids = [...new Set(queries.map(({ obj }) => obj.userId))];
          const byId = new Map((await findUsers(get, ids)).map((user, index) => [ids[index], user]));
          return queries.map(({ obj }) => byId.get(obj.userId));
        },
      },
    },
  },
  context: () => ({ get }),
  jit: 1,
});
await app.listen({ port, host: "127.0.0.1" });
listeningOn(app.server.address().port);
