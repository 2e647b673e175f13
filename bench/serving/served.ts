import type { Logger } from "pino";
import { createGateway, type Gateway } from "tributary-graphql";
import type { ListeningAddress } from "tributary-graphql/server";
import type { SharedServices } from "../../atlas/shared.ts";
import type { Config } from "../../config.ts";
import { type GraphName, openGraph } from "../graphs/open.ts";
import { featuresFor, pluginsFor } from "./features.ts";
import type { ServerSettings } from "./settings.ts";

/** A graph behind a gateway. */
export interface Served {
  listen(port: number): Promise<ListeningAddress>;
  /** Takes requests from now on. */
  open(): Promise<void>;
  /** Goes while others serve on. */
  retire(): Promise<void>;
  close(): Promise<void>;
}

/** @param shared the services of Atlas that its primary has started. Default: it starts its own */
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
  const end = (goes: () => Promise<void>) => async () => {
    await goes();
    await graph.close();
  };
  return {
    listen: listenWith(gateway, config),
    open: async () => gateway.markReady(),
    retire: end(gateway.retire),
    close: end(gateway.close),
  };
}

const listenWith =
  (gateway: Gateway, { host }: Config) =>
  (port: number) =>
    gateway.listen({ host, port });
