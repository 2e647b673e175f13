import { renderGraphiQL } from "@graphql-yoga/render-graphiql";

export interface GraphiQLSettings {
  /** Shown as the page's title. */
  readonly title: string;
  /** Opened for a visitor who has none of their own yet. `variables` is JSON. */
  readonly tabs: readonly { readonly query: string; readonly variables?: string }[];
}

/** Serves GraphiQL as one page that asks no other host for anything. Rendered on the first visit: it has 9 MB. */
export function graphiqlPage({ title, tabs }: GraphiQLSettings): () => Response {
  let html: string | undefined;
  return () => {
    html ??= renderGraphiQL({ title, defaultTabs: tabs.map(({ query, variables }) => ({ query, variables })) });
    return new Response(html, { headers: { "content-type": "text/html; charset=utf-8" } });
  };
}

/** Whether a person opened this address, rather than a program. */
export const isBrowserVisit = ({ method, headers }: Request): boolean =>
  method === "GET" && (headers.get("accept") ?? "").includes("text/html");
