import { isIP } from "node:net";
import { availableParallelism } from "node:os";
import type { SettingName } from "./settings.ts";

/** What the environment says, checked once. Times are in milliseconds. */
export interface Config {
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
  /** Processes that serve the port; 1 serves it without a primary process. */
  readonly workers: number;
  readonly isProduction: boolean;
  /** Whether clients are told the message and the place of an unexpected error. */
  readonly showsExceptions: boolean;
  readonly databaseUrl: string;
  /** Base URL of each REST service; undefined starts the embedded one. */
  readonly countriesUrl: string | undefined;
  readonly ratesUrl: string | undefined;
  readonly sunUrl: string | undefined;
  /** Calls to each REST service at once. */
  readonly servicesMaxConcurrency: number;
  readonly sunLatencyMs: number;
  /** How often the embedded rates service changes its rates; 0 for never. */
  readonly ratesDriftMs: number;
  /** How often the rates service is asked while somebody subscribes to a rate. */
  readonly ratesPollMs: number;
  readonly requestTimeoutMs: number;
  /** Origins whose pages may ask with credentials; undefined for none in production and any otherwise. */
  readonly corsOrigins: readonly string[] | undefined;
  /** Addresses and networks of proxies whose `X-Forwarded-…` headers count. */
  readonly trustedProxies: readonly string[];
  readonly opensGraphiQL: boolean;
  readonly opensIntrospection: boolean;
  /** Whether identical queries that are in flight at the same time are executed once. */
  readonly coalescesQueries: boolean;
  readonly logLevel: LogLevel;
}

/** Atlas' own: the only SQLite file that is created without being asked for. */
export const defaultDatabaseUrl = "sqlite:.data/atlas.sqlite";

const logLevels = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

/** A setting that makes no sense. Its message is the one line that stops the start. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/**
 * The configuration that these variables give. An empty variable counts as unset.
 * @throws ConfigError naming the first variable that makes no sense, what was expected and what came
 */
export function loadConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const read = <Value, Unset>(name: SettingName, setting: Setting<Value>, unset: Unset): Value | Unset => {
    const text = environment[name]?.trim();
    if (text === undefined || text === "") return unset;
    const value = setting.parse(text);
    if (value === undefined) throw new ConfigError(`${name}: expected ${setting.expected}, got ${setting.shown(text)}`);
    return value;
  };
  const environmentName = read("NODE_ENV", oneOf(["development", "production", "test"]), "development");
  const isProduction = environmentName === "production";
  const unlessProduction = isProduction ? "off" : "on";
  return {
    host: read("HOST", host, "127.0.0.1"),
    port: read("PORT", integer(0, 65_535), 4000),
    workers: read("WORKERS", workers, 1),
    isProduction,
    showsExceptions: environmentName === "development",
    databaseUrl: read("DATABASE_URL", databaseUrl, defaultDatabaseUrl),
    countriesUrl: read("COUNTRIES_URL", httpUrl, undefined),
    ratesUrl: read("RATES_URL", httpUrl, undefined),
    sunUrl: read("SUN_URL", httpUrl, undefined),
    servicesMaxConcurrency: read("SERVICES_MAX_CONCURRENCY", integer(1, 1000), 16),
    sunLatencyMs: read("SUN_LATENCY_MS", integer(0, 60_000), 300),
    ratesDriftMs: read("RATES_DRIFT_MS", integer(0, 86_400_000), 10_000),
    ratesPollMs: read("RATES_POLL_MS", integer(10, 3_600_000), 5_000),
    requestTimeoutMs: read("REQUEST_TIMEOUT_MS", integer(1, 600_000), 10_000),
    corsOrigins: read("CORS_ORIGINS", listOf(origin), undefined),
    trustedProxies: read("TRUSTED_PROXIES", listOf(network), []),
    opensGraphiQL: read("GRAPHIQL", onOrOff, unlessProduction) === "on",
    opensIntrospection: read("INTROSPECTION", onOrOff, unlessProduction) === "on",
    coalescesQueries: read("COALESCE_QUERIES", oneOf(["on", "off"]), "on") === "on",
    logLevel: read("LOG_LEVEL", oneOf(logLevels), "info"),
  };
}

interface Setting<Value> {
  readonly expected: string;
  /** The value, or undefined when the text makes no sense. */
  parse(text: string): Value | undefined;
  /** The text as an error may show it. */
  shown(text: string): string;
}

const shown = (text: string): string => JSON.stringify(text);

const integer = (min: number, max: number): Setting<number> => ({
  expected: `a whole number from ${min} to ${max}`,
  parse: (text) => (/^\d{1,9}$/.test(text) && Number(text) >= min && Number(text) <= max ? Number(text) : undefined),
  shown,
});

const numberOfWorkers = integer(1, 64);

const workers: Setting<number> = {
  expected: `${numberOfWorkers.expected}, or auto for one a core`,
  parse: (text) => (text === "auto" ? Math.min(64, availableParallelism()) : numberOfWorkers.parse(text)),
  shown,
};

const oneOf = <const Value extends string>(values: readonly Value[]): Setting<Value> => ({
  expected: `one of ${values.join(", ")}`,
  parse: (text) => values.find((value) => value === text),
  shown,
});

const onOrOff = oneOf(["on", "off"]);

const listOf = (item: Setting<string>): Setting<readonly string[]> => ({
  expected: `${item.expected}; several are separated by commas`,
  parse(text) {
    const values = text.split(",").map((each) => item.parse(each.trim()));
    return values.every((value) => value !== undefined) ? values : undefined;
  },
  shown: item.shown,
});

/** As browsers send it: a scheme, a host, and a port unless it is the scheme's own. */
const origin: Setting<string> = {
  expected: "exact origins such as https://app.example.com, without a path and without *",
  parse(text) {
    const url = URL.parse(text);
    return url && /^https?:$/.test(url.protocol) && url.origin === text && !text.includes("*") ? text : undefined;
  },
  shown,
};

function isNetwork(text: string): boolean {
  const [address = "", prefix, ...rest] = text.split("/");
  if (isIP(address) === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (isIP(address) === 4 ? 32 : 128));
}

const network: Setting<string> = {
  expected: "addresses or networks such as 127.0.0.1 or 10.0.0.0/8",
  parse: (text) => (isNetwork(text) ? text : undefined),
  shown,
};

const host: Setting<string> = {
  expected: "a host name or address to listen on, such as 127.0.0.1 or 0.0.0.0",
  parse: (text) => (/^[A-Za-z0-9.:_-]+$/.test(text) ? text : undefined),
  shown,
};

/** A password in a URL is nobody's business who reads the log. */
const withoutPassword = (text: string): string => shown(text.replace(/(\/\/[^:/@]*):.*@/, "$1:***@"));

/** Paths are appended to it, and nothing would read a user name in it. */
function isBaseUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.username === "" && !/[?#]/.test(text);
}

const httpUrl: Setting<string> = {
  expected: "a URL without user, query and fragment, such as http://127.0.0.1:4101",
  parse: (text) => (isBaseUrl(text) ? text : undefined),
  shown: withoutPassword,
};

const databaseUrl: Setting<string> = {
  expected: "sqlite:<file>, postgres://user:password@host:port/database or mysql://user:password@host:port/database",
  parse: (text) => (/^(sqlite:.+|(postgres|postgresql|mysql|mariadb):\/\/.+)/.test(text) ? text : undefined),
  shown: withoutPassword,
};
