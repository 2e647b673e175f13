import { devNull } from "node:os";
import { type Logger, pino } from "pino";
import { logDestination, Primary } from "tributary-graphql/server";
import { type Config, loadConfig } from "../../config.ts";
import { openServed } from "./served.ts";
import type { ServerSettings } from "./settings.ts";

/** A running server. */
export interface Serving {
  /** The URL of `/graphql`. */
  readonly url: string;
  close(): Promise<void>;
}

/** Serves a graph with the settings of the environment, like `server.ts`, in one process or in several. */
export function serve(settings: ServerSettings): Promise<Serving> {
  const config = configFor(settings);
  return config.workers > 1 ? serveByWorkers(settings, config) : serveAlone(settings, config);
}

/** The settings of the environment, overridden by those of the command line. */
export const configFor = ({ port, workers, database }: ServerSettings): Config =>
  loadConfig({
    ...process.env,
    PORT: String(port),
    WORKERS: String(workers),
    ...(database !== undefined && { DATABASE_URL: database }),
  });

async function serveAlone(settings: ServerSettings, config: Config): Promise<Serving> {
  // Logs as in production, to /dev/null, so that the cost of log lines is measured.
  const logger: Logger = pino({ level: config.logLevel }, logDestination(devNull));
  const served = await openServed(settings, config, logger);
  try {
    const { url } = await served.listen(config.port);
    await served.open();
    return { url, close: served.close };
  } catch (error) {
    await served.close();
    throw error;
  }
}

async function serveByWorkers({ graph }: ServerSettings, config: Config): Promise<Serving> {
  const logger: Logger = pino({ level: config.logLevel }, process.stdout);
  const shared =
    graph === "atlas" ? (await import("../../atlas/shared.ts")).createShared({ config, logger }) : undefined;
  const { workers, port } = config;
  const primary = new Primary({ workers, port, logger, prepare: async () => shared?.open() });
  const { url } = await primary.start();
  const close = async () => {
    await primary.close();
    await shared?.close?.();
  };
  return { url, close };
}
