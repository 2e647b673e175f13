import type { SharedParts, SharedStart } from "tributary-graphql/server";
import type { Config } from "../config.ts";
import { startEmbeddedServices } from "./services/embedded.ts";
import type { SomeDemoServices } from "./services/spawn.ts";

/** Where the services are that have no URL in the environment. */
export type SharedServices = Omit<SomeDemoServices, "stop">;

/**
 * The resources that all processes of Atlas share: the services that have no URL, which start at once. Before several
 * processes open the database, it is filled here; one alone does that itself, beside the services that start.
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

/** Loaded only here: the services are to start before anything of the database is loaded. */
async function fill(config: Config, filling: AsyncDisposableStack): Promise<void> {
  const [{ openAtlas }, { showProgress }] = await Promise.all([
    import("./open-database.ts"),
    import("./database/progress.ts"),
  ]);
  await openAtlas({ config, onProgress: showProgress(process.stderr) }, filling);
  await filling.disposeAsync();
}
