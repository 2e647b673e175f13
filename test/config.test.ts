import { availableParallelism } from "node:os";
import { ConfigError } from "tributary-graphql/server";
import { describe, expect, test } from "vitest";
import { loadConfig } from "../config.ts";

describe("loadConfig", () => {
  test("an empty environment gives the documented defaults", () => {
    expect(loadConfig({})).toEqual({
      host: "127.0.0.1",
      port: 4000,
      workers: 1,
      isProduction: false,
      showsExceptions: true,
      databaseUrl: "sqlite:.data/atlas.sqlite",
      countriesUrl: undefined,
      ratesUrl: undefined,
      sunUrl: undefined,
      servicesMaxConcurrency: 16,
      sunLatencyMs: 300,
      ratesDriftMs: 10_000,
      ratesPollMs: 5_000,
      requestTimeoutMs: 10_000,
      corsOrigins: undefined,
      trustedProxies: [],
      maxCost: 10_000,
      showsCost: true,
      trustedDocuments: "off",
      trustedDocumentFiles: ["operations/trusted-documents.json"],
      metrics: true,
      metricsHost: "127.0.0.1",
      metricsPort: undefined,
      metricsToken: undefined,
      opensGraphiQL: true,
      opensIntrospection: true,
      coalescesQueries: true,
      logLevel: "info",
    });
  });

  test("every setting is read, and an empty variable counts as unset", () => {
    const config = loadConfig({
      HOST: "0.0.0.0",
      PORT: "0",
      WORKERS: "8",
      NODE_ENV: "production",
      DATABASE_URL: "postgres://atlas@db/atlas",
      COUNTRIES_URL: "https://countries.example/v1",
      RATES_URL: "",
      SUN_URL: "http://127.0.0.1:4103",
      SUN_LATENCY_MS: "0",
      RATES_DRIFT_MS: "0",
      RATES_POLL_MS: "1000",
      SERVICES_MAX_CONCURRENCY: "32",
      REQUEST_TIMEOUT_MS: "2500",
      CORS_ORIGINS: "https://app.example, http://localhost:5173",
      TRUSTED_PROXIES: "10.0.0.0/8,::1",
      MAX_COST: "off",
      TRUSTED_DOCUMENTS: "only",
      TRUSTED_DOCUMENT_FILES: "operations/trusted-documents.json, released/web-41.json",
      RATE_LIMIT: "6000/1000",
      METRICS: "off",
      METRICS_HOST: "0.0.0.0",
      METRICS_PORT: "9464",
      METRICS_TOKEN: "0123456789abcdef",
      REDIS_URL: "rediss://gateway:secret@redis.example:6380/2",
      GRAPHIQL: "on",
      COALESCE_QUERIES: "off",
      LOG_LEVEL: "silent",
    });
    expect(config).toEqual({
      host: "0.0.0.0",
      port: 0,
      workers: 8,
      isProduction: true,
      showsExceptions: false,
      databaseUrl: "postgres://atlas@db/atlas",
      countriesUrl: "https://countries.example/v1",
      ratesUrl: undefined,
      sunUrl: "http://127.0.0.1:4103",
      servicesMaxConcurrency: 32,
      sunLatencyMs: 0,
      ratesDriftMs: 0,
      ratesPollMs: 1_000,
      requestTimeoutMs: 2500,
      corsOrigins: ["https://app.example", "http://localhost:5173"],
      trustedProxies: ["10.0.0.0/8", "::1"],
      redisUrl: "rediss://gateway:secret@redis.example:6380/2",
      rateLimit: { costPerMinute: 6_000, burst: 1_000 },
      maxCost: "off",
      showsCost: false,
      trustedDocuments: "only",
      trustedDocumentFiles: ["operations/trusted-documents.json", "released/web-41.json"],
      metrics: false,
      metricsHost: "0.0.0.0",
      metricsPort: 9464,
      metricsToken: "0123456789abcdef",
      opensGraphiQL: true,
      opensIntrospection: false,
      coalescesQueries: false,
      logLevel: "silent",
    });
  });

  test.each([
    ["CORS_ORIGINS", "*"],
    ["CORS_ORIGINS", "null"],
    ["CORS_ORIGINS", "https://app.example/"],
    ["CORS_ORIGINS", "https://app.example/path"],
    ["CORS_ORIGINS", "app.example"],
    ["CORS_ORIGINS", "https://*.example"],
    ["CORS_ORIGINS", "https://app.example:443"],
    ["CORS_ORIGINS", "https://app.example,"],
    ["TRUSTED_PROXIES", "proxy.internal"],
    ["TRUSTED_PROXIES", "10.0.0.0/33"],
    ["TRUSTED_PROXIES", "10.0.0.0/8/8"],
    ["RATE_LIMIT", "0"],
    ["RATE_LIMIT", "fast"],
    ["RATE_LIMIT", "6000/0"],
    ["RATE_LIMIT", "6000/10/10"],
    ["REDIS_URL", "127.0.0.1:6379"],
    ["REDIS_URL", "http://127.0.0.1:6379"],
    ["REDIS_URL", "redis://127.0.0.1/name"],
    ["GRAPHIQL", "yes"],
    ["INTROSPECTION", "true"],
  ])("%s=%s is an error that names the expected value", (name, text) => {
    expect(() => loadConfig({ [name]: text })).toThrow(
      new RegExp(`^${name}: expected .*, got ${JSON.stringify(text).replace(/[*.]/g, "\\$&")}$`),
    );
  });

  test("RATE_LIMIT without a burst has one of the cost per minute", () => {
    expect(loadConfig({ RATE_LIMIT: "6000" }).rateLimit).toEqual({ costPerMinute: 6_000, burst: 6_000 });
    expect(loadConfig({}).rateLimit).toBeUndefined();
  });

  test("WORKERS=auto is one worker per core, at most 64", () => {
    expect(loadConfig({ WORKERS: "auto" }).workers).toBe(Math.min(64, availableParallelism()));
  });

  test.each([
    ["WORKERS", "0", 'WORKERS: expected a whole number from 1 to 64, or auto for one per core, got "0"'],
    ["WORKERS", "65", 'WORKERS: expected a whole number from 1 to 64, or auto for one per core, got "65"'],
    ["WORKERS", "many", 'WORKERS: expected a whole number from 1 to 64, or auto for one per core, got "many"'],
    ["PORT", "70000", 'PORT: expected a whole number from 0 to 65535, got "70000"'],
    ["PORT", "40.5", 'PORT: expected a whole number from 0 to 65535, got "40.5"'],
    [
      "HOST",
      "not a host",
      'HOST: expected a host name or address to listen on, such as 127.0.0.1 or 0.0.0.0, got "not a host"',
    ],
    ["NODE_ENV", "prod", 'NODE_ENV: expected one of development, production, test, got "prod"'],
    ["REQUEST_TIMEOUT_MS", "0", 'REQUEST_TIMEOUT_MS: expected a whole number from 1 to 600000, got "0"'],
    ["SUN_LATENCY_MS", "-1", 'SUN_LATENCY_MS: expected a whole number from 0 to 60000, got "-1"'],
    ["RATES_DRIFT_MS", "often", 'RATES_DRIFT_MS: expected a whole number from 0 to 86400000, got "often"'],
    ["COALESCE_QUERIES", "1", 'COALESCE_QUERIES: expected one of on, off, got "1"'],
    ["SERVICES_MAX_CONCURRENCY", "0", 'SERVICES_MAX_CONCURRENCY: expected a whole number from 1 to 1000, got "0"'],
    ["RATES_POLL_MS", "0", 'RATES_POLL_MS: expected a whole number from 10 to 3600000, got "0"'],
    ["LOG_LEVEL", "loud", 'LOG_LEVEL: expected one of fatal, error, warn, info, debug, trace, silent, got "loud"'],
    [
      "RATES_URL",
      "ftp://rates",
      'RATES_URL: expected a URL without user, query and fragment, such as http://127.0.0.1:4101, got "ftp://rates"',
    ],
  ])("%s=%s is an error of one line with the name, the expected value and the actual value", (name, value, message) => {
    expect(() => loadConfig({ [name]: value })).toThrow(new ConfigError(message));
  });

  test("an error for an invalid URL does not show its password", () => {
    expect(() => loadConfig({ DATABASE_URL: "oracle://atlas:se@cret@db/atlas" })).toThrow(
      /oracle:\/\/atlas:\*\*\*@db\/atlas/,
    );
  });
});
