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
import { startEmbeddedServices } from "./services/embedded.ts";
import type { SharedServices } from "./shared.ts";

export interface AppOptions {
  readonly config: Config;
  readonly logger: Logger;
  /** Further options of the gateway, where the app is one of several processes for instance. Default: none. */
  readonly gateway?: Omit<Partial<GatewayOptions<Context>>, "schema" | "createContext">;
  /** Where the services are that have no URL. Default: started by `open`, and stopped by `close`. */
  readonly shared?: Promise<SharedServices>;
  /** The clock that "today" is read from. Default: the system's. */
  readonly now?: () => Date;
}

/** Atlas: the gateway with its graph, its database and its services. */
export interface App extends Required<ServedApp> {
  /**
   * Opens the database, fills it when it is empty, starts the services that nobody has started, and marks the gateway
   * ready. Until then requests are answered with 503.
   * @throws Error with one line that says what could not be had
   */
  open(): Promise<void>;
  /** Finishes the requests that run, then lets go of everything that was opened. May be called again. */
  close(): Promise<void>;
}

export function createApp(options: AppOptions): App {
  const { config, logger } = options;
  const opened = new AsyncDisposableStack();
  let connections: Connections | undefined;

  const gateway = createGateway<Context>({
    ...gatewaySettings(config),
    logger,
    ...options.gateway,
    schema,
    createContext: (scope) => {
      if (connections === undefined) throw new Error("A request was let in before the sources were open.");
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

/**
 * The database is filled while the services start. When one of them fails, the other is waited for all the same, so
 * that closing finds everything that was opened.
 */
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
    if (baseUrl === undefined) throw new Error(`The service ${name} has no address: set ${name.toUpperCase()}_URL.`);
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
