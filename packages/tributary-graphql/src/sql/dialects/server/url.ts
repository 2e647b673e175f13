import { readTlsMode, type TlsFiles, type TlsMode } from "./tls.ts";

/** A database server as its URL describes it. */
export interface ServerAddress {
  /** A name or an address; undefined where `socket` says it. */
  readonly host: string;
  readonly port: number;
  /** Path of a Unix socket: for PostgreSQL of its folder. */
  readonly socket?: string;
  readonly user?: string;
  readonly password?: string;
  readonly database: string;
  readonly tls: TlsMode;
  readonly tlsFiles: TlsFiles;
  /** Connections at most. */
  readonly poolSize?: number;
  /** How long to wait for a connection, in milliseconds. */
  readonly connectTimeoutMs?: number;
  /** PostgreSQL: the name that the server shows for its connections. */
  readonly applicationName?: string;
  /** PostgreSQL: whether statements of readers are prepared. */
  readonly preparesStatements: boolean;
  /** PostgreSQL: whether the login is bound to the TLS connection. */
  readonly bindsChannel: boolean;
}

type ServerKind = "postgres" | "mysql";

/** Makes the error for a URL that cannot be used, from the end of its sentence. */
type Refuse = (why: string) => Error;

const defaultPorts: Readonly<Record<ServerKind, number>> = { postgres: 5432, mysql: 3306 };

/** The parameters of a URL, as each database's own tools name them. Of two names for one, MySQL's own come first. */
const parameterNames = {
  postgres: {
    host: ["host"],
    port: ["port"],
    user: ["user"],
    password: ["password"],
    sslMode: ["sslmode"],
    ca: ["sslrootcert"],
    certificate: ["sslcert"],
    key: ["sslkey"],
    connectTimeout: ["connect_timeout"],
    poolSize: ["pool_size"],
    applicationName: ["application_name"],
    preparedStatements: ["prepared_statements"],
    channelBinding: ["channel_binding"],
  },
  mysql: {
    host: ["socket"],
    port: [],
    user: [],
    password: [],
    sslMode: ["ssl-mode", "sslmode"],
    ca: ["ssl-ca", "sslrootcert"],
    certificate: ["ssl-cert", "sslcert"],
    key: ["ssl-key", "sslkey"],
    connectTimeout: ["connect_timeout"],
    poolSize: ["pool_size"],
    applicationName: [],
    preparedStatements: [],
    channelBinding: [],
  },
} as const satisfies Record<ServerKind, Record<string, readonly string[]>>;

type Parameter = keyof (typeof parameterNames)["postgres"];

/**
 * Reads the URL of a server.
 *
 * @throws what `refuse` makes when the URL names no host or database, or has a parameter that is unknown or has no sense
 */
export function parseServerUrl(kind: ServerKind, url: string, refuse: Refuse): ServerAddress {
  const parsed = URL.parse(url);
  if (parsed === null || !/^[a-z]+:\/\//i.test(url)) throw refuse("");
  const parameters = readParameters(kind, parsed, refuse);
  const text = (name: Parameter): string | undefined => parameters.get(name)?.value;
  const named = <Value>(name: Parameter, read: (value: string) => Value | undefined, expected: string) => {
    const parameter = parameters.get(name);
    if (parameter === undefined) return undefined;
    const value = read(parameter.value);
    if (value === undefined) throw refuse(`, whose "${parameter.name}" is "${parameter.value}": expected ${expected}`);
    return value;
  };
  const decoded = (part: string): string => decode(part, refuse);
  const host = text("host") ?? decoded(parsed.hostname).replace(/^\[(.*)\]$/, "$1");
  if (host === "") throw refuse(", which names no host");
  const database = decoded(parsed.pathname.slice(1));
  if (database === "") throw refuse(", which names no database");
  const connectTimeoutSeconds = named("connectTimeout", readCount, "a whole number of seconds, at least 1");
  return {
    host,
    port: named("port", readCount, "a port") ?? (Number(parsed.port) || defaultPorts[kind]),
    ...(host.startsWith("/") && { socket: host }),
    user: text("user") ?? (decoded(parsed.username) || undefined),
    password: text("password") ?? (decoded(parsed.password) || undefined),
    database,
    tls: named("sslMode", readTlsMode, tlsModesExpected) ?? "default",
    tlsFiles: { ca: text("ca"), certificate: text("certificate"), key: text("key") },
    poolSize: named("poolSize", readCount, "a whole number, at least 1"),
    connectTimeoutMs: connectTimeoutSeconds === undefined ? undefined : connectTimeoutSeconds * 1000,
    applicationName: text("applicationName"),
    preparesStatements: named("preparedStatements", readBoolean, '"true" or "false"') ?? true,
    bindsChannel: named("channelBinding", readChannelBinding, '"disable", "prefer" or "require"') ?? false,
  };
}

const tlsModesExpected = '"disable", "require", "no-verify", "verify-ca" or "verify-full"';

function readParameters(
  kind: ServerKind,
  { searchParams }: URL,
  refuse: Refuse,
): ReadonlyMap<Parameter, { readonly name: string; readonly value: string }> {
  const all: Readonly<Record<Parameter, readonly string[]>> = parameterNames[kind];
  const known = new Map<string, Parameter>();
  for (const [parameter, names] of Object.entries(all))
    for (const name of names) known.set(name, parameter as Parameter);
  const found = new Map<Parameter, { name: string; value: string }>();
  for (const [name, value] of searchParams) {
    const parameter = known.get(name);
    if (parameter === undefined)
      throw refuse(`, whose parameter "${name}" is unknown: expected ${[...known.keys()].join(", ")}`);
    if (found.has(parameter)) throw refuse(`, which has "${name}" twice`);
    found.set(parameter, { name, value });
  }
  return found;
}

function decode(part: string, refuse: Refuse): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw refuse(", in which a % is not followed by two hexadecimal digits");
  }
}

const readCount = (text: string): number | undefined => (/^[1-9]\d{0,5}$/.test(text) ? Number(text) : undefined);

const readBoolean = (text: string): boolean | undefined =>
  text === "true" ? true : text === "false" ? false : undefined;

const readChannelBinding = (text: string): boolean | undefined =>
  text === "disable" ? false : text === "prefer" || text === "require" ? true : undefined;
