import {
  type ConfigOf,
  databaseUrl,
  defineSettings,
  type Environment,
  httpUrl,
  wholeNumber,
} from "tributary-graphql/server";

/** The only SQLite file that is created if it does not exist. */
export const defaultDatabaseUrl = "sqlite:.data/atlas.sqlite";

/** The settings of Atlas; those of every app are added. Times are in milliseconds. */
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
    meaning: "maximum number of concurrent calls to each REST service; a request may make half of them",
    kind: wholeNumber(1, 1000),
    default: 16,
  },
  SUN_LATENCY_MS: {
    meaning: "delay of each response of the embedded sun service",
    kind: wholeNumber(0, 60_000),
    default: 300,
  },
  RATES_DRIFT_MS: {
    meaning: "interval at which the embedded rates service changes its rates; 0 for never",
    kind: wholeNumber(0, 86_400_000),
    default: 10_000,
  },
  RATES_POLL_MS: {
    meaning: "interval at which the rates service is polled while a client subscribes to a rate",
    kind: wholeNumber(10, 3_600_000),
    default: 5_000,
  },
});

/** The parsed settings. */
export type Config = ConfigOf<typeof settings>;

/** @throws ConfigError that names the first invalid variable, the expected value and the actual value */
export const loadConfig = (environment: Environment): Config => settings.load(environment);
