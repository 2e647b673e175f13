import type { Feature } from "../serving/settings.ts";
import type { Graph } from "./graph.ts";
import { openPages } from "./pages.ts";
import { openPosts } from "./posts.ts";

/** The URLs of the sources. */
export interface GraphSources {
  readonly upstream: string | undefined;
  readonly database: string | undefined;
  /** Features to turn off. */
  readonly without?: readonly Feature[];
}

const graphs = {
  posts: async ({ upstream, without = [] }: GraphSources) =>
    openPosts({
      baseUrl: required("posts", "--upstream", upstream),
      ...(without.includes("http-cache") && { cacheBytes: 0 }),
    }),
  pages: ({ database }: GraphSources) => openPages(required("pages", "--database", database)),
} satisfies Readonly<Record<string, (sources: GraphSources) => Promise<Graph>>>;

export type GraphName = keyof typeof graphs;

export const graphNames = Object.keys(graphs) as readonly GraphName[];

export const openGraph = (name: GraphName, sources: GraphSources): Promise<Graph> => graphs[name](sources);

function required(graph: string, option: string, url: string | undefined): string {
  if (url !== undefined) return url;
  throw new Error(`--graph ${graph}: expected ${option} <url>, got none.`);
}
