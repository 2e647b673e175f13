import { createHash } from "node:crypto";
import { type ContentEncoding, compress, encodingFor } from "./content-encoding.ts";
import { wholeResponse } from "./json-response.ts";
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

interface Page {
  readonly etag: string;
  readonly html: Buffer<ArrayBuffer>;
  /** Made when a client first takes it. */
  readonly encoded: Map<ContentEncoding, Promise<Uint8Array<ArrayBuffer>>>;
}

/**
 * Serves GraphiQL as one page that asks no other host for anything. It has 9 MB, so it is made on the first visit,
 * compressed once, and not sent again to a browser that has it (`ETag`).
 */
export function graphiqlPage({ title, tabs }: GraphiQLSettings): (request: Request) => Promise<Response> {
  let page: Promise<Page> | undefined;
  const render = async (): Promise<Page> => {
    const { renderGraphiQL } = await import("@graphql-yoga/render-graphiql");
    const rendered = renderGraphiQL({ title, defaultTabs: tabs.map((tab) => ({ ...tab })) });
    const html = Buffer.from(rendered.replace("</head>", () => `${steadyTabs}</head>`));
    const etag = `W/"${createHash("sha256").update(html).digest("base64url")}"`;
    return { etag, html, encoded: new Map() };
  };
  return async ({ headers: asked }) => {
    page ??= render();
    const { etag, html, encoded } = await page;
    const headers: Record<string, string> = { etag, vary: variesBy, "cache-control": "no-cache" };
    if (asked.get("if-none-match")?.includes(etag.slice(2))) return new Response(null, { status: 304, headers });
    headers["content-type"] = "text/html; charset=utf-8";
    const encoding = encodingFor(asked.get("accept-encoding"));
    if (!encoding) return wholeResponse(html, { headers });
    headers["content-encoding"] = encoding;
    const bytes = encoded.get(encoding) ?? compress[encoding](html);
    encoded.set(encoding, bytes);
    return wholeResponse(await bytes, { headers });
  };
}

/** Whether a person opened this address, rather than a program. */
export const isBrowserVisit = ({ method, headers }: Request): boolean =>
  method === "GET" && (headers.get("accept") ?? "").includes("text/html");
