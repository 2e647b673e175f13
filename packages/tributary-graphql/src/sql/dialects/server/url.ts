import { readTlsMode, type TlsFiles, type TlsMode } from "./tls.ts";

/** The parts of a database server's URL. */
export interface ServerAddress {
  /** A host name, an IP address, or the folder of a Unix socket. */
  readonly host: string;
  readonly port: number;
  /** Path of a Unix socket; for PostgreSQL, of its folder. */
  readonly socket?: string;
  readonly user?: string;
  readonly password?: string;
  readonly database: string;
  readonly tls: TlsMode;
  readonly tlsFiles: TlsFiles;
  /** Maximum number of connections. */
  readonly poolSize?: number;
  /** Timeout of connecting, in milliseconds. */
  readonly connectTimeoutMs?: number;
  /** PostgreSQL: `application_name` of the connections. */
  readonly applicationName?: string;
  /** PostgreSQL: whether the readers use prepared statements. */
  readonly preparesStatements: boolean;
  /** PostgreSQL: whether the login uses SCRAM channel binding. */
  readonly bindsChannel: boolean;
}

type ServerKind = "postgres" | "mysql";

/** Creates the error for an invalid URL; `why` ends its message. */
type InvalidUrl = (why: string) => Error;

const defaultPorts: Readonly<Record<ServerKind, number>> = { postgres: 5432, mysql: 3306 };

/** The parameter names of each database's own tools. Of two names, MySQL's own comes first. */
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
 * Parses the URL of a database server.
 *
 * @throws the error of `invalidUrl` when the host or the database is missing, or a parameter is unknown or invalid
 */
export function parseServerUrl(kind: ServerKind, url: string, invalidUrl: InvalidUrl): ServerAddress {
  const parsed = URL.parse(url);
  if (parsed === null || !/^[a-z]+:\/\//i.test(url)) throw invalidUrl("");
  const parameters = readParameters(kind, parsed, invalidUrl);
  const text = (name: Parameter): string | undefined => parameters.get(name)?.value;
  const named = <Value>(name: Parameter, read: (value: string) => Value | undefined, expected: string) => {
    const parameter = parameters.get(name);
    if (parameter === undefined) return undefined;
    const value = read(parameter.value);
    if (value === undefined)
      throw invalidUrl(`, whose "${parameter.name}" is "${parameter.value}": expected ${expected}`);
    return value;
  };
  const decoded = (part: string): string => decode(part, invalidUrl);
  const host = text("host") ?? decoded(parsed.hostname).replace(/^\[(.*)\]$/, "$1");
  if (host === "") throw invalidUrl(", which has no host");
  const database = decoded(parsed.pathname.slice(1));
  if (database === "") throw invalidUrl(", which has no database name");
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
  invalidUrl: InvalidUrl,
): ReadonlyMap<Parameter, { readonly name: string; readonly value: string }> {
  const all: Readonly<Record<Parameter, readonly string[]>> = parameterNames[kind];
  const known = new Map<string, Parameter>();
  for (const [parameter, names] of Object.entries(all))
    for (const name of names) known.set(name, parameter as Parameter);
  const found = new Map<Parameter, { name: string; value: string }>();
  for (const [name, value] of searchParams) {
    const parameter = known.get(name);
    if (parameter === undefined)
      throw invalidUrl(`, whose parameter "${name}" is unknown: expected ${[...known.keys()].join(", ")}`);
    if (found.has(parameter)) throw invalidUrl(`, which has "${name}" twice`);
    found.set(parameter, { name, value });
  }
  return found;
}

function decode(part: string, invalidUrl: InvalidUrl): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw invalidUrl(", in which a % is not followed by two hexadecimal digits");
  }
}

const readCount = (text: string): number | undefined => (/^[1-9]\d{0,5}$/.test(text) ? Number(text) : undefined);

const readBoolean = (text: string): boolean | undefined =>
  text === "true" ? true : text === "false" ? false : undefined;

const readChannelBinding = (text: string): boolean | undefined =>
  text === "disable" ? false : text === "prefer" || text === "require" ? true : undefined;
