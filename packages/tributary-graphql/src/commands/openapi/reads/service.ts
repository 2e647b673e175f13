import type { DocumentLocation } from "../document/location.ts";
import type { Operation } from "../document/operations.ts";

/** The server of a service. */
export interface Server {
  /** Undefined if the document does not have an absolute URL. */
  readonly baseUrl: string | undefined;
  readonly note: string | undefined;
}

/** The first of these servers, with the defaults of its variables. */
export function serverOf(servers: DocumentLocation | undefined, location: string): Server {
  const [server, ...others] = servers?.items() ?? [];
  if (server === undefined) return { baseUrl: undefined, note: "the document has no server: set the base URL" };
  const { text, unknown } = urlText(server);
  if (unknown.length > 0) {
    const note = `the server ${server.proseAt("url")} has no default for ${unknown.join(", ")}: set the base URL`;
    return { baseUrl: undefined, note };
  }
  const baseUrl = baseUrlOf(text, location);
  if (baseUrl === undefined) {
    return { baseUrl, note: `the server ${JSON.stringify(text)} is not an absolute URL: set the base URL` };
  }
  return {
    baseUrl,
    note:
      others.length > 0 ? `the document has ${others.length + 1} servers; the first is used: ${baseUrl}` : undefined,
  };
}

/** The absolute URLs of these servers. */
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

/** An absolute URL; a relative one is resolved against the URL of the document. */
function baseUrlOf(text: string, location: string): string | undefined {
  const url = URL.parse(text, /^https?:/i.test(location) ? location : undefined);
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined;
  return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
}

/** How to set the credentials of these operations' security schemes, for people. */
export function securityNotes(document: DocumentLocation, operations: readonly Operation[]): string[] {
  const schemes = document.at("components")?.at("securitySchemes");
  const names = [...new Set(operations.flatMap(({ security }) => security))];
  return names.map((name) => {
    const scheme = schemes?.at(name)?.followed();
    return `${name}: ${scheme ? schemeNote(scheme) : "the document does not define it"}`;
  });
}

function schemeNote(scheme: DocumentLocation): string {
  const name = scheme.proseAt("name");
  const where = scheme.proseAt("in");
  switch (scheme.proseAt("type")) {
    case "apiKey":
      return where === "header"
        ? `set headers: { ${JSON.stringify(name.toLowerCase())}: … }`
        : `it is the ${where} parameter ${name}, which is not sent automatically`;
    case "http":
      return `set headers: { authorization: "${scheme.proseAt("scheme")} …" }, or forwardHeaders: ["authorization"]`;
    default:
      return 'set headers: { authorization: "Bearer …" }, or forwardHeaders: ["authorization"]';
  }
}
