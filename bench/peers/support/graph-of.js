import { connectService } from "./service.js";

/** The schema for a peer: the pages with a database, or the posts with the service. */
export async function graphOf({ upstream, mode, database }) {
  if (mode === "pages") {
    const { typeDefs, resolvers, connectDatabase, createContext } = await import("./pages-graph.js");
    const pool = connectDatabase(database);
    return { typeDefs, resolvers, createContext: () => createContext(pool) };
  }
  const { typeDefs, resolvers, createContext } = await import("./posts-graph.js");
  const get = connectService(upstream);
  return { typeDefs, resolvers, createContext: () => createContext(get) };
}
