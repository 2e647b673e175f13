import { acceptEncoding } from "./content-encoding.ts";

/** Headers that a call brings along, and which of them tell clients apart. */
export interface OutgoingHeaders {
  /** The names of the client's headers that are passed on, in lower case. */
  readonly forwarded: readonly string[];
  /** The headers that are sent for a client with these headers. */
  for(client: Headers): Record<string, string>;
  /** Equal for two clients when a service cannot tell them apart by what is passed on. */
  identityOf(client: Headers): string;
}

export interface HeaderOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly forwardHeaders?: readonly string[];
}

/**
 * Checked once, when the service is declared.
 * @throws TypeError for a name or a value that HTTP does not allow, a name that is not ours to send, or one in both lists
 */
export function outgoingHeaders({ headers = {}, forwardHeaders = [] }: HeaderOptions): OutgoingHeaders {
  const own = new Headers(headers);
  const forwarded = [...new Set(forwardHeaders.map((name) => checkedName(name)))];
  for (const name of own.keys()) checkedName(name);
  const twice = forwarded.find((name) => own.has(name));
  if (twice !== undefined) {
    throw new TypeError(`The header ${twice} is in "headers" and in "forwardHeaders": expected it in one of them.`);
  }
  if (!own.has("accept") && !forwarded.includes("accept")) own.set("accept", "application/json");
  const fixed = { ...Object.fromEntries(own), "accept-encoding": acceptEncoding };
  return {
    forwarded,
    for: (client) => (forwarded.length === 0 ? fixed : { ...fixed, ...passedOn(client, forwarded) }),
    identityOf: (client) => (forwarded.length === 0 ? "" : JSON.stringify(forwarded.map((name) => client.get(name)))),
  };
}

function passedOn(client: Headers, names: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of names) {
    const value = client.get(name);
    if (value !== null) headers[name] = value;
  }
  return headers;
}

function checkedName(name: string): string {
  // Throws for what is no name of a header.
  new Headers().set(name, "");
  const lowerCase = name.toLowerCase();
  const reason = notOurs.get(lowerCase);
  if (reason !== undefined) throw new TypeError(`The header ${lowerCase} cannot be sent: it ${reason}.`);
  return lowerCase;
}

const notOurs: ReadonlyMap<string, string> = new Map([
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
  ...["host", "content-length", "content-type", "expect"].map((name) => [name, "follows from the call"] as const),
  ["accept-encoding", "follows from the encodings that can be read"],
  ["range", "asks for a part of a body"],
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
