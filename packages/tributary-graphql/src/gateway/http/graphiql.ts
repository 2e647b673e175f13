import { type GraphiQLFiles, loadGraphiQLFiles, optionsId } from "./graphiql-files.ts";
import { StaticFile } from "./static-file.ts";
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

export interface GraphiQL {
  page(request: Request): Promise<Response>;
  /** One of the files that the page loads; undefined for any other path. */
  file(request: Request): Promise<Response | undefined>;
}

/** Scripts and connections of this host alone; Monaco sets styles in place, and its font comes with the style sheet. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join("; ");

/**
 * Serves GraphiQL: a small page that a browser revalidates each time (`ETag`), and files of 9 MB that it caches.
 * They are made on the first visit.
 */
export function createGraphiQL(settings: GraphiQLSettings): GraphiQL {
  let made: Promise<{ readonly page: StaticFile; readonly files: GraphiQLFiles }> | undefined;
  const make = async () => {
    const files = await loadGraphiQLFiles();
    return { page: pageOf(settings, files), files };
  };
  return {
    async page({ headers }) {
      made ??= make();
      const { page, files } = await made;
      const acceptEncoding = headers.get("accept-encoding");
      const etag = `W/"${page.hash}"`;
      const cached = { etag, "cache-control": "no-cache", vary: variesBy };
      if (headers.get("if-none-match")?.includes(etag.slice(2)))
        return new Response(null, { status: 304, headers: cached });
      files.script.prepare(acceptEncoding);
      return page.respond(acceptEncoding, cached);
    },
    async file({ method, url, headers }) {
      const path = URL.parse(url)?.pathname ?? "";
      if (!path.startsWith("/graphql/") || (method !== "GET" && method !== "HEAD")) return undefined;
      made ??= make();
      return (await made).files.byPath.get(path)?.respond(headers.get("accept-encoding"));
    },
  };
}

const pageOf = ({ title, tabs }: GraphiQLSettings, { paths }: GraphiQLFiles): StaticFile =>
  new StaticFile(
    `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<link rel="icon" href="${paths.icon}">
<link rel="stylesheet" href="${paths.style}">
</head>
<body id="body" class="no-focus-outline">
<noscript>GraphiQL needs JavaScript.</noscript>
<div id="root"></div>
<script type="application/json" id="${optionsId}">${jsonInHtml({ title, defaultTabs: tabs })}</script>
<script src="${paths.script}"></script>
</body>
</html>
`,
    { "content-type": "text/html; charset=utf-8", "content-security-policy": policy, "x-frame-options": "SAMEORIGIN" },
  );

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** Nothing in it can end the element that it stands in. */
const jsonInHtml = (value: unknown): string => JSON.stringify(value).replaceAll("<", "\\u003c");

/** Whether a person opened this address, rather than a program. */
export const isBrowserVisit = ({ method, headers }: Request): boolean =>
  method === "GET" && (headers.get("accept") ?? "").includes("text/html");
