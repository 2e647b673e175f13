export interface GraphiQLSettings {
  /** Shown as the page's title. */
  readonly title: string;
  /** Opened for a visitor who has none of their own yet. `variables` is JSON. */
  readonly tabs: readonly { readonly query: string; readonly variables?: string }[];
}

/** Serves GraphiQL as one page that asks no other host for anything. It has 9 MB, so it is loaded on the first visit. */
export function graphiqlPage({ title, tabs }: GraphiQLSettings): () => Promise<Response> {
  let html: Promise<string> | undefined;
  const render = async () => {
    const { renderGraphiQL } = await import("@graphql-yoga/render-graphiql");
    return renderGraphiQL({ title, defaultTabs: tabs.map(({ query, variables }) => ({ query, variables })) });
  };
  return async () => {
    html ??= render();
    return new Response(await html, { headers: { "content-type": "text/html; charset=utf-8" } });
  };
}

/** Whether a person opened this address, rather than a program. */
export const isBrowserVisit = ({ method, headers }: Request): boolean =>
  method === "GET" && (headers.get("accept") ?? "").includes("text/html");
