import { variesBy } from "./vary.ts";

export interface GraphiQLSettings {
  /** Shown as the page's title. */
  readonly title: string;
  /** Opened for a visitor who has none of their own yet. */
  readonly tabs: readonly GraphiQLTab[];
}

/** `variables` and `headers` are JSON. */
export interface GraphiQLTab {
  readonly query: string;
  readonly variables?: string;
  readonly headers?: string;
}

/** Without it a tab that is pressed takes up an old place for as long as it is focused, and the click misses it. */
const steadyTabs = "<style>.graphiql-tab{transform:none!important}</style>";

/** Serves GraphiQL as one page that asks no other host for anything. It has 9 MB, so it is loaded on the first visit. */
export function graphiqlPage({ title, tabs }: GraphiQLSettings): () => Promise<Response> {
  let html: Promise<string> | undefined;
  const render = async () => {
    const { renderGraphiQL } = await import("@graphql-yoga/render-graphiql");
    const page = renderGraphiQL({ title, defaultTabs: tabs.map((tab) => ({ ...tab })) });
    return page.replace("</head>", () => `${steadyTabs}</head>`);
  };
  return async () => {
    html ??= render();
    return new Response(await html, { headers: { "content-type": "text/html; charset=utf-8", vary: variesBy } });
  };
}

/** Whether a person opened this address, rather than a program. */
export const isBrowserVisit = ({ method, headers }: Request): boolean =>
  method === "GET" && (headers.get("accept") ?? "").includes("text/html");
