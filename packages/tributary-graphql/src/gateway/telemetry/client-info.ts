import { isRecord } from "../pipeline/operation-params.ts";

/** The program that sent a request, as it calls itself. Both parts are unverified text for the log. */
export interface ClientInfo {
  readonly name: string | undefined;
  readonly version: string | undefined;
}

/** Apollo's and the neutral names of the same two headers. */
const conventions = [
  ["apollographql-client-name", "apollographql-client-version"],
  ["graphql-client-name", "graphql-client-version"],
] as const;

/** All of them, in lower case. */
export const clientInfoHeaders: readonly string[] = conventions.flat();

const maxLength = 100;

/** In the log they could break a line, reorder it, or end up as half a character. */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * The client that the headers name: name and version from the first convention of which one of the two is there.
 *
 * @param header gives the value of a header by its name in lower case
 */
export function clientInfoOf(header: (name: string) => string | null | undefined): ClientInfo | undefined {
  for (const [nameHeader, versionHeader] of conventions) {
    const info = infoOf(header(nameHeader), header(versionHeader));
    if (info) return info;
  }
  return undefined;
}

/** The client that a WebSocket's `connection_init` names: `clientName` and `clientVersion`, or the names of the headers. */
export function clientInfoOfInit(payload: Readonly<Record<string, unknown>> = {}): ClientInfo | undefined {
  const own = infoOf(payload.clientName, payload.clientVersion);
  if (own) return own;
  const byName = new Map(Object.entries(payload).map(([name, value]) => [name.toLowerCase(), value]));
  return clientInfoOf((name) => {
    const value = byName.get(name);
    return typeof value === "string" ? value : undefined;
  });
}

/** The library that Apollo Client 4 sends with each operation in `extensions.clientLibrary`: itself, rather than the program. */
export function clientLibraryOf(extensions: Readonly<Record<string, unknown>> | null | undefined) {
  const library = extensions?.clientLibrary;
  return isRecord(library) ? infoOf(library.name, library.version) : undefined;
}

function infoOf(name: unknown, version: unknown): ClientInfo | undefined {
  if (!name && !version) return undefined;
  const info = { name: printable(name), version: printable(version) };
  return info.name === undefined && info.version === undefined ? undefined : info;
}

function printable(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  // Cut before it is looked at, and again to whole characters.
  const text = value
    .slice(0, 2 * maxLength)
    .replace(unprintable, "")
    .trim();
  return text === "" ? undefined : text.slice(0, maxLength).replace(/[\uD800-\uDBFF]$/, "");
}
