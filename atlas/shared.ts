import type { SharedParts, SharedStart } from "tributary-graphql/server";
import type { Config } from "../config.ts";
import { startEmbeddedServices } from "./services/embedded.ts";
import type { SomeServices } from "./services/start-services.ts";

/** The URLs of the embedded services. */
export type SharedServices = Omit<SomeServices, "stop">;

/**
 * The resources that all processes of Atlas share: the embedded services, which start at once. With several workers the
 * database is filled here; a single process fills it itself, while the services start.
 */
export function createShared({ config, logger }: SharedStart<Config>): SharedParts<SharedServices> {
  const services = startEmbeddedServices(config, logger);
  services.catch(() => undefined);
  const filling = new AsyncDisposableStack();
  return {
    open: async () => {
      if (config.workers > 1) await fill(config, filling);
      const { stop: _, ...urls } = await services;
      return urls;
    },
    close: async () => {
      await filling.disposeAsync();
      await (await services.catch(() => undefined))?.stop();
    },
  };
}

/** Imports the database modules late, so that the services start first. */
async function fill(config: Config, filling: AsyncDisposableStack): Promise<void> {
  const [{ openAtlas }, { showProgress }] = await Promise.all([
    import("./open-database.ts"),
    import("./database/progress.ts"),
  ]);
  await openAtlas({ config, onProgress: showProgress(process.stderr) }, filling);
  await filling.disposeAsync();
}
