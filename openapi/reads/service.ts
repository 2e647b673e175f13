import type { Operation } from "../document/operations.ts";
import type { Place } from "../document/place.ts";

/** Where a service is. */
export interface Server {
  /** Undefined where the document does not say it in full. */
  readonly baseUrl: string | undefined;
  readonly note: string | undefined;
}

/** The first server of a document, its variables at their defaults. */
export function serverOf(document: Place, location: string): Server {
  const server = document.at("servers")?.items()[0];
  if (server === undefined) return { baseUrl: undefined, note: "it names no server: give the base URL yourself" };
  const variables = server.at("variables");
  const text = server
    .need("url")
    .text()
    .replaceAll(/\{([^}]*)\}/g, (_, name: string) => variables?.at(name)?.textAt("default") ?? "");
  const base = /^https?:/i.test(location) ? location : undefined;
  const url = URL.parse(text, base);
  if (url === null)
    return { baseUrl: undefined, note: `its server is ${JSON.stringify(text)}: give the base URL in full` };
  const others = document.need("servers").items().length - 1;
  return {
    baseUrl: `${url.origin}${url.pathname}`.replace(/\/+$/, ""),
    note: others > 0 ? `the first of ${others + 1} servers was taken: ${url.href}` : undefined,
  };
}

/** What the security schemes of these operations need, in words. */
export function securityNotes(document: Place, operations: readonly Operation[]): string[] {
  const schemes = document.at("components")?.at("securitySchemes");
  const names = [...new Set(operations.flatMap(({ security }) => security))];
  return names.map((name) => {
    const scheme = schemes?.at(name)?.followed();
    return `${name}: ${scheme ? schemeNote(scheme) : "the document does not say what it is"}`;
  });
}

function schemeNote(scheme: Place): string {
  const name = scheme.textAt("name");
  switch (scheme.need("type").text()) {
    case "apiKey":
      return scheme.need("in").text() === "header"
        ? `set headers: { ${JSON.stringify(name.toLowerCase())}: … }`
        : `needs the ${scheme.need("in").text()} parameter ${name}, which the service does not send by itself`;
    case "http":
      return `set headers: { authorization: "${scheme.need("scheme").text()} …" }, or forwardHeaders: ["authorization"]`;
    default:
      return 'set headers: { authorization: "Bearer …" }, or forwardHeaders: ["authorization"]';
  }
}
