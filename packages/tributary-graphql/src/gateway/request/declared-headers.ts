import type { IncomingHttpHeaders } from "node:http";
import { cookiePairs, decodedCookie } from "./cookie-header.ts";

/** The parts of a client's request, beside the operation, that an answer may depend on. Each must be named. */
export interface DeclaredHeadersOptions {
  /**
   * Names of request headers, in any case, that `createContext`, plugins and sources may read: `["authorization",
   * "accept-language"]`. They are part of the identity by which identical queries are coalesced. Default: none.
   */
  readonly headers?: readonly string[];
  /** Names of cookies that they may read: `["session"]`. Case counts. Also part of the identity. Default: none. */
  readonly cookies?: readonly string[];
  /** Whether they may read the client's address, which is then part of the identity. Default false. */
  readonly readsClientAddress?: boolean;
}

/** The declared cookies of a request. */
export interface RequestCookies {
  /**
   * The decoded value; of several cookies of this name, the first. Undefined where the client sent none.
   *
   * @throws TypeError for a cookie that is not declared
   */
  get(name: string): string | undefined;
}

/**
 * The request headers, the cookies and the client's address that an app has declared. Nothing else of a request can be read
 * beside the operation itself, so requests that agree in these get the same answer.
 */
export class DeclaredHeaders {
  /** In lower case. */
  readonly #names: readonly string[];
  readonly #cookies: readonly string[];
  readonly #readsClientAddress: boolean;

  /** @throws TypeError for an invalid name, one that is declared twice, and one that belongs to the connection */
  constructor({ headers = [], cookies = [], readsClientAddress = false }: DeclaredHeadersOptions = {}) {
    this.#names = withoutDuplicates("headers", headers.map(checkedName));
    this.#cookies = withoutDuplicates("cookies", cookies.map(checkedCookieName));
    this.#readsClientAddress = readsClientAddress;
  }

  /**
   * The names of the headers that a cache of answers has to compare (`Vary`), in lower case. Undefined where answers may depend on
   * the client's address, which no cache compares.
   */
  get comparedByCaches(): readonly string[] | undefined {
    if (this.#readsClientAddress) return undefined;
    return this.#cookies.length > 0 && !this.#names.includes("cookie") ? [...this.#names, "cookie"] : this.#names;
  }

  /** Equal for two requests that agree in everything that is declared. */
  identityOf(headers: IncomingHttpHeaders, clientAddress: string | undefined): string {
    let identity = "";
    for (const name of this.#names) {
      const value = headers[name];
      // A value cannot contain a line break, and a name no colon.
      if (value !== undefined) identity += `${name}:${value}\n`;
    }
    if (this.#cookies.length > 0 && headers.cookie !== undefined) {
      const values = this.#cookiesIn(headers.cookie);
      // Neither a name nor a value contains a semicolon or a line break.
      for (const name of this.#cookies) if (values.has(name)) identity += `cookie:${name}=${values.get(name)};\n`;
    }
    return this.#readsClientAddress ? `${identity}address:${clientAddress}\n` : identity;
  }

  /** The headers for `createContext` and sources. To read another one throws a TypeError that says how to declare it. */
  headersOf(headers: Headers): Headers {
    return new ReadableHeaders(this.#pick(headers, this.#names), new Set(this.#names));
  }

  cookiesOf(headers: Headers): RequestCookies {
    const declared = this.#cookies;
    const values = this.#cookiesIn(headers.get("cookie"));
    return {
      get: (name) => {
        if (!declared.includes(name)) throw notDeclared(`cookie ${name}`, `cookies: [${JSON.stringify(name)}]`);
        const value = values.get(name);
        return value === undefined ? undefined : decodedCookie(value);
      },
    };
  }

  /** @throws TypeError where the address is not declared */
  addressOf(clientAddress: string | undefined): string | undefined {
    if (!this.#readsClientAddress) throw notDeclared("client's address", "readsClientAddress: true");
    return clientAddress;
  }

  /** The headers of the `Request` that plugins see: the declared ones, and those that say how to read and answer it. */
  headersForPlugins(headers: Headers): Headers {
    const visible = this.#pick(headers, [...headersOfEveryRequest, ...this.#names]);
    const cookies = Array.from(this.#cookiesIn(headers.get("cookie")), (pair) => pair.join("="));
    if (cookies.length > 0) visible.set("cookie", cookies.join("; "));
    return visible;
  }

  #pick(headers: Headers, names: readonly string[]): Headers {
    const picked = new Headers();
    for (const name of names) {
      const value = headers.get(name);
      if (value !== null) picked.set(name, value);
    }
    return picked;
  }

  /** The declared cookies of a header, as they were sent. */
  #cookiesIn(header: string | null): ReadonlyMap<string, string> {
    const values = new Map<string, string>();
    if (this.#cookies.length === 0 || header === null) return values;
    for (const [name, value] of cookiePairs(header)) {
      if (this.#cookies.includes(name) && !values.has(name)) values.set(name, value);
    }
    return values;
  }
}

/** To miss a header silently because it is not declared would look like a client that did not send it. */
class ReadableHeaders extends Headers {
  readonly #declared: ReadonlySet<string>;

  constructor(headers: Headers, declared: ReadonlySet<string>) {
    super(headers);
    this.#declared = declared;
  }

  override get(name: string): string | null {
    this.#assertDeclared(name);
    return super.get(name);
  }

  override has(name: string): boolean {
    this.#assertDeclared(name);
    return super.has(name);
  }

  #assertDeclared(name: string): void {
    const key = name.toLowerCase();
    if (key === "cookie") throw notDeclared("header cookie", 'cookies: ["<name>"]');
    if (!this.#declared.has(key)) throw notDeclared(`header ${key}`, `headers: [${JSON.stringify(key)}]`);
  }
}

const notDeclared = (read: string, option: string): TypeError =>
  new TypeError(`The ${read} is not declared, so it cannot be read. Declare it: createGateway({ ${option} }).`);

/**
 * The headers that every plugin may read: they are about the body, the form of the answer, HTTP caching and tracing, and no
 * client is recognized by them.
 */
const headersOfEveryRequest: readonly string[] = [
  "accept",
  "accept-encoding",
  "content-encoding",
  "content-length",
  "content-type",
  "host",
  "if-modified-since",
  "if-none-match",
  "traceparent",
  "tracestate",
  "x-request-id",
];

function checkedName(name: string): string {
  let key: string;
  try {
    new Headers().set(name, "");
    key = name.toLowerCase();
  } catch {
    throw new TypeError(`headers: ${JSON.stringify(name)} is not the name of an HTTP header.`);
  }
  const reason = undeclarable.get(key);
  if (reason !== undefined) throw new TypeError(`headers: ${key} cannot be declared: ${reason}.`);
  return key;
}

const connectionHeaders = [
  "connection",
  "content-encoding",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

const undeclarable: ReadonlyMap<string, string> = new Map([
  ...connectionHeaders.map((name) => [name, "it belongs to the connection, not to the client"] as const),
  ["cookie", 'name each cookie instead, as in cookies: ["session"]'],
  ["x-request-id", "it is different for each request; read scope.id"],
  ["traceparent", "it is different for each request, and is passed on to sources without being declared"],
  ["tracestate", "it is different for each request, and is passed on to sources without being declared"],
]);

/** RFC 6265, section 4.1.1: the name of a cookie is a token. */
const token = /^[\w!#$%&'*+.^`|~-]+$/;

function checkedCookieName(name: string): string {
  if (!token.test(name)) throw new TypeError(`cookies: ${JSON.stringify(name)} is not the name of a cookie.`);
  return name;
}

function withoutDuplicates(option: string, names: readonly string[]): readonly string[] {
  const duplicate = names.find((name, index) => names.indexOf(name) !== index);
  if (duplicate !== undefined) throw new TypeError(`${option}: ${duplicate} is declared twice. Remove one of them.`);
  return names;
}
