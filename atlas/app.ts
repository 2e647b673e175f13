import type { Logger } from "pino";
import { CallLog, createGateway, type Gateway, type GatewayOptions } from "tributary-graphql";
import { createUpstream, type Upstream } from "tributary-graphql/rest";
import type { Config } from "../config.ts";
import { createRateFeed } from "../datasources/rate-feed.ts";
import { type Connections, createSources } from "../datasources/sources.ts";
import type { Context } from "../resolvers/context.ts";
import { schema } from "../schema/index.ts";
import type { OnProgress } from "./database/seed.ts";
import { exampleQueries } from "./examples.ts";
import { openAtlas, own } from "./open-database.ts";
import { startEmbeddedServices } from "./services/embedded.ts";
import type { SomeDemoServices } from "./services/spawn.ts";

export interface AppOptions {
  readonly config: Config;
  readonly logger: Logger;
  /** Told how far the first filling of the database is. */
  readonly onProgress?: OnProgress;
  /** The services that have no URL, when they are starting already; the app stops them. Default: started by `open`. */
  readonly embedded?: Promise<SomeDemoServices>;
  /** The clock that "today" is read from. Default: the system's. */
  readonly now?: () => Date;
  /** The call log of each request, for one that watches the calls or holds them back. Default: a new `CallLog`. */
  readonly createCallLog?: () => CallLog;
  /** How all processes are, where the app is one of several. Default: how this one is. */
  readonly wholeState?: GatewayOptions<Context>["wholeState"];
}

/** Atlas: the gateway with its graph, its database and its services. */
export interface App {
  /** Answers from the beginning, with 503 until `open` is done. */
  readonly gateway: Gateway;
  /**
   * Opens the database, fills it when it is empty, starts the services that have no URL, and marks the gateway ready.
   * @throws Error with one line that says what could not be had
   */
  open(): Promise<void>;
  /** As `close`, while other processes serve the port: clients of open connections notice nothing. */
  retire(): Promise<void>;
  /** Finishes the requests that run, then lets go of everything that was opened. May be called again. */
  close(): Promise<void>;
}

export function createApp(options: AppOptions): App {
  const { config, logger } = options;
  const opened = new AsyncDisposableStack();
  // An app that is closed before it was opened stops them too; whether they started is for `open` to tell.
  opened.defer(async () => (await options.embedded?.catch(() => undefined))?.stop());
  options.embedded?.catch(() => undefined);
  let connections: Connections | undefined;

  const gateway = createGateway<Context>({
    schema,
    createContext: (scope) => {
      if (connections === undefined) throw new Error("A request was let in before the sources were open.");
      return { sources: createSources(connections, scope) };
    },
    logger,
    isProduction: config.isProduction,
    showsExceptions: config.showsExceptions,
    requestTimeoutMs: config.requestTimeoutMs,
    opensGraphiQL: config.opensGraphiQL,
    opensIntrospection: config.opensIntrospection,
    trustedProxies: config.trustedProxies,
    ...(config.corsOrigins && { corsOrigins: config.corsOrigins }),
    coalescing: { isOn: config.coalescesQueries },
    graphiql: { title: "Tributary: Atlas", tabs: exampleQueries },
    ...(options.createCallLog && { createCallLog: options.createCallLog }),
    ...(options.wholeState && { wholeState: options.wholeState }),
    readiness: { database: async (signal) => connections?.database.ping(signal) },
  });

  return {
    gateway,
    open: async () => {
      connections = await openConnections(options, opened);
      gateway.markReady();
    },
    retire: async () => {
      await gateway.retire();
      await opened.disposeAsync();
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
  const opening = [openAtlas(options, opened), openServices(options, opened)] as const;
  await Promise.allSettled(opening);
  const [database, services] = await Promise.all(opening);
  const rateFeed = createRateFeed({
    rates: services.rates,
    pollMs: options.config.ratesPollMs,
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
  const { config, logger } = options;
  const urls = { countries: config.countriesUrl, rates: config.ratesUrl, sun: config.sunUrl };
  const embedded = await (options.embedded ?? startEmbeddedServices(config, logger));
  await own(opened, () => embedded.stop());
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
