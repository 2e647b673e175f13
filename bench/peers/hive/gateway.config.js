/**
 * Hive Gateway over the same REST service: `supergraph.graphql` is what GraphQL Mesh composes of it, with users looked up
 * by all their ids in one call. `UPSTREAM` and `PORT` come from the environment.
 */
export const gatewayConfig = {
  supergraph: new URL("./supergraph.graphql", import.meta.url).pathname,
  host: "127.0.0.1",
  port: Number(process.env.PORT),
  fork: 1,
  logging: "error",
  additionalResolvers: { Query: { greet: () => "Hello World!" } },
  transportEntries: { posts: { location: process.env.UPSTREAM } },
};
