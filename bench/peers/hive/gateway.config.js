/**
 * Hive Gateway with the same REST service. GraphQL Mesh has composed `supergraph.graphql`, with a batch for users by id.
 * `UPSTREAM` and `PORT` come from the environment.
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
