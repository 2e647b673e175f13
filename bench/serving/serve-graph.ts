import { openSync } from "node:fs";
import { devNull } from "node:os";
import { type Logger, pino } from "pino";
import { type Config, loadConfig } from "../../config.ts";
import { createGateway } from "../../gateway/gateway.ts";
import { openGraph } from "../graphs/open.ts";
import { featuresFor } from "./features.ts";
import type { ServerSettings } from "./settings.ts";

/** What runs until it is closed. */
export interface Serving {
  /** Of `/graphql`. */
  readonly url: string;
  close(): Promise<void>;
}

/** The gateway of this repository over one of its graphs, set up by the environment as `server.ts` sets up Atlas. */
export async function serve(settings: ServerSettings): Promise<Serving> {
  const config = loadConfig({ ...process.env, PORT: String(settings.port) });
  // Written as in production, to where nothing keeps it: what a line costs is part of every request.
  const logger: Logger = pino(
    { level: config.logLevel },
    pino.destination({ dest: openSync(devNull, "a"), sync: true }),
  );
  return settings.graph === "atlas" ? serveAtlas(settings, config, logger) : serveGraph(settings, config, logger);
}

async function serveAtlas({ database }: ServerSettings, config: Config, logger: Logger): Promise<Serving> {
  const { createApp } = await import("../../app.ts");
  const app = createApp({ config: { ...config, databaseUrl: database ?? config.databaseUrl }, logger });
  const { url } = await app.gateway.listen(config);
  await app.open();
  return { url, close: app.close };
}

async function serveGraph(settings: ServerSettings, config: Config, logger: Logger): Promise<Serving> {
  if (settings.graph === "atlas") throw new TypeError("Atlas is an app of its own.");
  const graph = await openGraph(settings.graph, settings);
  const gateway = createGateway({
    schema: graph.schema,
    createContext: graph.createContext,
    logger,
    isProduction: config.isProduction,
    requestTimeoutMs: config.requestTimeoutMs,
    graphiql: { title: "", tabs: [] },
    readiness: graph.readiness,
    ...featuresFor(settings.without, logger),
  });
  const { url } = await gateway.listen(config);
  gateway.markReady();
  return {
    url,
    close: async () => {
      await gateway.close();
      await graph.close();
    },
  };
}
