import {
  type ConfigOf,
  databaseUrl,
  defineSettings,
  type Environment,
  httpUrl,
  wholeNumber,
} from "tributary-graphql/server";

/** Atlas' own: the only SQLite file that is created without being asked for. */
export const defaultDatabaseUrl = "sqlite:.data/atlas.sqlite";

/** The settings of Atlas, besides those of every app. Times are in milliseconds. */
export const settings = defineSettings({
  DATABASE_URL: {
    meaning: "sqlite:<file>, postgres://… or mysql://…",
    kind: databaseUrl,
    default: defaultDatabaseUrl,
  },
  COUNTRIES_URL: { meaning: "base URL of the countries service; unset starts the embedded one", kind: httpUrl },
  RATES_URL: { meaning: "base URL of the rates service; unset starts the embedded one", kind: httpUrl },
  SUN_URL: { meaning: "base URL of the sun service; unset starts the embedded one", kind: httpUrl },
  SERVICES_MAX_CONCURRENCY: {
    meaning: "calls to each REST service at once, half of them for one request",
    kind: wholeNumber(1, 1000),
    default: 16,
  },
  SUN_LATENCY_MS: {
    meaning: "how long the embedded sun service waits before it answers",
    kind: wholeNumber(0, 60_000),
    default: 300,
  },
  RATES_DRIFT_MS: {
    meaning: "how often the embedded rates service changes its rates; 0 for never",
    kind: wholeNumber(0, 86_400_000),
    default: 10_000,
  },
  RATES_POLL_MS: {
    meaning: "how often the rates service is asked while somebody subscribes to a rate",
    kind: wholeNumber(10, 3_600_000),
    default: 5_000,
  },
});

/** The settings of the environment, checked once. */
export type Config = ConfigOf<typeof settings>;

/** @throws ConfigError naming the first variable that is invalid, what was expected and what came */
export const loadConfig = (environment: Environment): Config => settings.load(environment);
