import type { Logger } from "pino";
import { CallLog, createGateway, type GatewayOptions } from "tributary-graphql";
import { createUpstream, type Upstream } from "tributary-graphql/rest";
import { gatewaySettings, type ServedApp } from "tributary-graphql/server";
import type { Config } from "../config.ts";
import { createRateFeed } from "../datasources/rate-feed.ts";
import { type Connections, createSources } from "../datasources/sources.ts";
import type { Context } from "../resolvers/context.ts";
import { schema } from "../schema/index.ts";
import { showProgress } from "./database/progress.ts";
import { exampleQueries } from "./examples.ts";
import { openAtlas, own } from "./open-database.ts";
import { clientOperationNames } from "./operation-names.ts";
import { startEmbeddedServices } from "./services/embedded.ts";
import type { SharedServices } from "./shared.ts";

export interface AppOptions {
  readonly config: Config;
  readonly logger: Logger;
  /** Additional options of the gateway, for example in a cluster. Default: none. */
  readonly gateway?: Omit<Partial<GatewayOptions<Context>>, "schema" | "createContext">;
  /** URLs of the embedded services. Default: `open` starts the services, and `close` stops them. */
  readonly shared?: Promise<SharedServices>;
  /** The clock for "today". Default: the system clock. */
  readonly now?: () => Date;
}

/** The gateway with the schema, the database and the services of Atlas. */
export interface App extends Required<ServedApp> {
  /**
   * Opens the database, fills it if it is empty, starts the embedded services, and marks the gateway ready. Until then
   * it responds with 503.
   * @throws Error with a message of one line about the database or service that is not available
   */
  open(): Promise<void>;
  /** Graceful shutdown: finishes pending requests, then closes all resources. Idempotent. */
  close(): Promise<void>;
}

export function createApp(options: AppOptions): App {
  const { config, logger } = options;
  const opened = new AsyncDisposableStack();
  let connections: Connections | undefined;

  const settings = { ...gatewaySettings(config), logger, ...options.gateway };
  const gateway = createGateway<Context>({
    ...settings,
    metrics: settings.metrics && { ...settings.metrics, operationNames: clientOperationNames() },
    schema,
    createContext: (scope) => {
      if (connections === undefined) throw new Error("A request was executed before the app was open.");
      return { sources: createSources(connections, scope) };
    },
    startsReady: false,
    graphiql: { title: "Tributary: Atlas", tabs: exampleQueries },
    readiness: { database: async (signal) => connections?.database.ping(signal) },
  });

  return {
    gateway,
    open: async () => {
      connections = await openConnections(options, opened);
      gateway.markReady();
    },
    close: async () => {
      await gateway.close();
      await opened.disposeAsync();
    },
  };
}

/** Fills the database while the services start. If one fails, it awaits the other, so that `close` closes everything. */
async function openConnections(options: AppOptions, opened: AsyncDisposableStack): Promise<Connections> {
  const { config } = options;
  const opening = [
    openAtlas({ config, onProgress: showProgress(process.stderr) }, opened),
    openServices(options, opened),
  ] as const;
  await Promise.allSettled(opening);
  const [database, services] = await Promise.all(opening);
  const rateFeed = createRateFeed({
    rates: services.rates,
    pollMs: config.ratesPollMs,
    log: options.logger,
    createCallLog: () => new CallLog(),
    ...(options.now && { now: options.now }),
  });
  opened.defer(() => rateFeed.close());
  return { database, ...services, rateFeed, ...(options.now && { now: options.now }) };
}

async function openServices(
  options: AppOptions,
  opened: AsyncDisposableStack,
): Promise<Omit<Connections, "database" | "rateFeed" | "now">> {
  const { config } = options;
  const urls = { countries: config.countriesUrl, rates: config.ratesUrl, sun: config.sunUrl };
  const embedded = await (options.shared ?? startOwnServices(options, opened));
  const open = (name: string, baseUrl: string | undefined): Upstream => {
    if (baseUrl === undefined) throw new Error(`The service ${name} has no URL: set ${name.toUpperCase()}_URL.`);
    const upstream = createUpstream({ name, baseUrl, maxConcurrency: config.servicesMaxConcurrency });
    opened.defer(() => upstream.close());
    return upstream;
  };
  return {
    countries: open("countries", urls.countries ?? embedded.countriesUrl),
    rates: open("rates", urls.rates ?? embedded.ratesUrl),
    sun: open("sun", urls.sun ?? embedded.sunUrl),
  };
}

async function startOwnServices({ config, logger }: AppOptions, opened: AsyncDisposableStack): Promise<SharedServices> {
  const services = await startEmbeddedServices(config, logger);
  await own(opened, () => services.stop());
  return services;
}
