import { pino } from "pino";
import type { PrimaryConnection } from "tributary-graphql/server";
import { logDestination } from "tributary-graphql/server";
import type { SharedServices } from "../../atlas/shared.ts";
import { configFor } from "./serve.ts";
import { openServed, type Served } from "./served.ts";
import type { ServerSettings } from "./settings.ts";

/** Runs a worker, controlled by its primary. */
export async function work(settings: ServerSettings, primary: PrimaryConnection<SharedServices>): Promise<void> {
  const config = configFor(settings);
  const logger = pino({ level: config.logLevel }, logDestination(process.stdout)).child({
    worker: primary.workerNumber,
  });
  const shared = Promise.withResolvers<SharedServices>();
  let served: Served | undefined;
  primary.obey({
    listen: async (port) => {
      served = await openServed(settings, config, logger, shared.promise);
      return served.listen(port);
    },
    open: async (services) => {
      shared.resolve(services);
      await served?.open();
    },
    retire: async () => served?.retire(),
    close: async () => served?.close(),
  });
}
