import type { Logger } from "pino";
import { createGateway, type Gateway } from "tributary-graphql";
import type { ListeningAddress } from "tributary-graphql/server";
import type { SharedServices } from "../../atlas/shared.ts";
import type { Config } from "../../config.ts";
import { type GraphName, openGraph } from "../graphs/open.ts";
import { featuresFor, pluginsFor } from "./features.ts";
import type { ServerSettings } from "./settings.ts";

/** A gateway with a graph. */
export interface Served {
  listen(port: number): Promise<ListeningAddress>;
  /** Opens the sources, and marks the gateway ready. */
  open(): Promise<void>;
  /** Closes while other workers continue. */
  retire(): Promise<void>;
  close(): Promise<void>;
}

/** @param shared the services of Atlas that the primary has started. Default: starts them */
export const openServed = (
  settings: ServerSettings,
  config: Config,
  logger: Logger,
  shared?: Promise<SharedServices>,
): Promise<Served> =>
  settings.graph === "atlas" ? openAtlas(config, logger, shared) : openOther(settings.graph, settings, config, logger);

async function openAtlas(config: Config, logger: Logger, shared: Promise<SharedServices> | undefined): Promise<Served> {
  const { createApp } = await import("../../atlas/app.ts");
  const { gateway, ...app } = createApp({ config, logger, ...(shared && { shared }) });
  const retire = async () => {
    await gateway.retire();
    await app.close();
  };
  return { listen: listenWith(gateway, config), retire, ...app };
}

async function openOther(name: GraphName, settings: ServerSettings, config: Config, logger: Logger): Promise<Served> {
  const graph = await openGraph(name, settings);
  const gateway = createGateway({
    schema: graph.schema,
    createContext: graph.createContext,
    logger,
    isProduction: config.isProduction,
    requestTimeoutMs: config.requestTimeoutMs,
    coalescing: { isOn: config.coalescesQueries },
    startsReady: false,
    readiness: graph.readiness,
    ...featuresFor(settings.without, logger),
    ...pluginsFor(settings.plugins),
  });
  const withGraph = (closeGateway: () => Promise<void>) => async () => {
    await closeGateway();
    await graph.close();
  };
  return {
    listen: listenWith(gateway, config),
    open: async () => gateway.markReady(),
    retire: withGraph(gateway.retire),
    close: withGraph(gateway.close),
  };
}

const listenWith =
  (gateway: Gateway, { host }: Config) =>
  (port: number) =>
    gateway.listen({ host, port });
