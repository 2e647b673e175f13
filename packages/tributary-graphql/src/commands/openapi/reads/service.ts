import type { DocumentLocation } from "../document/location.ts";
import type { Operation } from "../document/operations.ts";

/** Where a service is. */
export interface Server {
  /** Undefined where the document does not say it in full. */
  readonly baseUrl: string | undefined;
  readonly note: string | undefined;
}

/** The first of these servers, its variables at their defaults. */
export function serverOf(servers: DocumentLocation | undefined, location: string): Server {
  const [server, ...others] = servers?.items() ?? [];
  if (server === undefined) return { baseUrl: undefined, note: "it names no server: give the base URL yourself" };
  const { text, unknown } = urlText(server);
  if (unknown.length > 0) {
    const note = `its server ${server.proseAt("url")} has no default for ${unknown.join(", ")}: give the base URL in full`;
    return { baseUrl: undefined, note };
  }
  const baseUrl = baseUrlOf(text, location);
  if (baseUrl === undefined) {
    return { baseUrl, note: `its server is ${JSON.stringify(text)}: give the base URL in full` };
  }
  return {
    baseUrl,
    note: others.length > 0 ? `the first of ${others.length + 1} servers was taken: ${baseUrl}` : undefined,
  };
}

/** Where these servers are, as far as the document says it in full. */
export const baseUrlsOf = (servers: DocumentLocation | undefined, location: string): string[] =>
  (servers?.items() ?? []).flatMap((server) => {
    const { text, unknown } = urlText(server);
    return unknown.length > 0 ? [] : (baseUrlOf(text, location) ?? []);
  });

function urlText(server: DocumentLocation): { readonly text: string; readonly unknown: readonly string[] } {
  const variables = server.at("variables");
  const unknown: string[] = [];
  const text = server.proseAt("url").replaceAll(/\{([^}]*)\}/g, (_, name: string) => {
    const value = variables?.at(name)?.proseAt("default") ?? "";
    if (value === "") unknown.push(name);
    return value;
  });
  return { text, unknown };
}

/** A relative URL is below that of the document. */
function baseUrlOf(text: string, location: string): string | undefined {
  const url = URL.parse(text, /^https?:/i.test(location) ? location : undefined);
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined;
  return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
}

/** The credentials that the security schemes of these operations need, in words. */
export function securityNotes(document: DocumentLocation, operations: readonly Operation[]): string[] {
  const schemes = document.at("components")?.at("securitySchemes");
  const names = [...new Set(operations.flatMap(({ security }) => security))];
  return names.map((name) => {
    const scheme = schemes?.at(name)?.followed();
    return `${name}: ${scheme ? schemeNote(scheme) : "the document does not say what it is"}`;
  });
}

function schemeNote(scheme: DocumentLocation): string {
  const name = scheme.proseAt("name");
  const where = scheme.proseAt("in");
  switch (scheme.proseAt("type")) {
    case "apiKey":
      return where === "header"
        ? `set headers: { ${JSON.stringify(name.toLowerCase())}: … }`
        : `needs the ${where} parameter ${name}, which the service does not send by itself`;
    case "http":
      return `set headers: { authorization: "${scheme.proseAt("scheme")} …" }, or forwardHeaders: ["authorization"]`;
    default:
      return 'set headers: { authorization: "Bearer …" }, or forwardHeaders: ["authorization"]';
  }
}
