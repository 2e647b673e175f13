import { acceptEncoding } from "./content-encoding.ts";

/** The request headers of the calls to a service. */
export interface OutgoingHeaders {
  /** The names of the client's headers that are forwarded, in lower case. */
  readonly forwarded: readonly string[];
  /** The headers of a call for a client's request with these headers and this trace context, which is no part of the identity. */
  for(client: Headers, traceContext?: Readonly<Record<string, string>>): Record<string, string>;
  /** The identity: equal for two clients whose forwarded headers are equal. */
  identityOf(client: Headers): string;
}

export interface HeaderOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly forwardHeaders?: readonly string[];
}

/**
 * @throws TypeError for an invalid name or value, a name that only the HTTP client may set, or a name in both options
 */
export function outgoingHeaders({ headers = {}, forwardHeaders = [] }: HeaderOptions): OutgoingHeaders {
  const own = new Headers(headers);
  const forwarded = [...new Set(forwardHeaders.map((name) => checkedName(name)))];
  for (const name of own.keys()) checkedName(name);
  const duplicate = forwarded.find((name) => own.has(name));
  if (duplicate !== undefined) {
    throw new TypeError(
      `The header ${duplicate} is in both "headers" and "forwardHeaders": remove it from one of them.`,
    );
  }
  if (!own.has("accept") && !forwarded.includes("accept")) own.set("accept", "application/json");
  const fixed = { ...Object.fromEntries(own), "accept-encoding": acceptEncoding };
  return {
    forwarded,
    for: (client, traceContext) => ({ ...traceContext, ...fixed, ...forwardedHeaders(client, forwarded) }),
    identityOf: (client) => (forwarded.length === 0 ? "" : JSON.stringify(forwarded.map((name) => client.get(name)))),
  };
}

function forwardedHeaders(client: Headers, names: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of names) {
    const value = client.get(name);
    if (value !== null) headers[name] = value;
  }
  return headers;
}

function checkedName(name: string): string {
  // Throws for an invalid name.
  new Headers().set(name, "");
  const lowerCase = name.toLowerCase();
  const reason = reservedHeaders.get(lowerCase);
  if (reason !== undefined) throw new TypeError(`The header ${lowerCase} cannot be sent: it ${reason}.`);
  return lowerCase;
}

const reservedHeaders: ReadonlyMap<string, string> = new Map([
  ...[
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
  ].map((name) => [name, "belongs to one connection"] as const),
  ...["host", "content-length", "content-type", "expect"].map((name) => [name, "is set by the HTTP client"] as const),
  ["accept-encoding", "is set by the HTTP client"],
  ...["traceparent", "tracestate"].map((name) => [name, "is passed on without being declared"] as const),
  ["range", "requests a part of a body"],
  ...[
    "cache-control",
    "pragma",
    "if-match",
    "if-none-match",
    "if-modified-since",
    "if-unmodified-since",
    "if-range",
  ].map((name) => [name, "belongs to the HTTP cache"] as const),
]);
