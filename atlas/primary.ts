import type { Writable } from "node:stream";
import type { Logger } from "pino";
import { Primary } from "tributary-graphql/server";
import type { Config } from "../config.ts";
import type { OnProgress } from "./database/seed.ts";
import { openAtlas } from "./open-database.ts";
import { startEmbeddedServices } from "./services/embedded.ts";
import type { SomeDemoServices } from "./services/spawn.ts";

export interface AtlasPrimaryOptions {
  readonly config: Config;
  readonly logger: Logger;
  /** Where the logger writes, and the lines of the workers go. */
  readonly output: Writable;
  /** Told how far the first filling of the database is. */
  readonly onProgress: OnProgress;
}

/** What all workers of Atlas are told: where they find the services that have no URL in the environment. */
export type SharedServices = Omit<SomeDemoServices, "stop">;

/** Atlas on several cores: its workers, and what there is once for all of them. Serves no request itself. */
export interface AtlasPrimary {
  /**
   * Starts the services that have no URL, fills the database when it is empty, and gives the address when all workers
   * are ready.
   * @throws Error with one line that says what could not be had
   */
  start(): Promise<string>;
  /** Replaces the workers one after another. */
  restart(): void;
  /** Finishes the requests that run, then stops everything. May be called again. */
  close(): Promise<void>;
}

export function createAtlasPrimary(options: AtlasPrimaryOptions): AtlasPrimary {
  const { config, logger, output } = options;
  const services = startEmbeddedServices(config, logger);
  services.catch(() => undefined);
  const filling = new AsyncDisposableStack();
  const primary = new Primary<SharedServices>({
    workers: config.workers,
    port: config.port,
    logger,
    output,
    prepare: async () => {
      await openAtlas(options, filling);
      await filling.disposeAsync();
      const { stop: _, ...urls } = await services;
      return urls;
    },
  });
  return {
    start: async () => (await primary.start()).url,
    restart: () => primary.restart(),
    close: async () => {
      await Promise.all([primary.close(), filling.disposeAsync()]);
      // Only now: what the workers finished may have needed them.
      await (await services.catch(() => undefined))?.stop();
    },
  };
}
