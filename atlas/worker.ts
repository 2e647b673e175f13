import { pino } from "pino";
import type { PrimaryConnection } from "tributary-graphql/server";
import { guardProcess, logDestination } from "tributary-graphql/server";
import type { Config } from "../config.ts";
import { createApp } from "./app.ts";
import type { SharedServices } from "./primary.ts";
import type { SomeDemoServices } from "./services/spawn.ts";

/** Makes this process a worker of Atlas: the same app as without a primary, which starts and stops as that says. */
export function startWorker(config: Config, primary: PrimaryConnection<SharedServices>): void {
  // Not by pino's own writer: when the primary is gone, that tries for ever to write what is left, and the process stays.
  const logger = pino({ level: config.logLevel }, logDestination(process.stdout)).child({
    worker: primary.workerNumber,
  });
  guardProcess(logger, primary.askForReplacement);
  const services = Promise.withResolvers<SomeDemoServices>();
  const app = createApp({ config, logger, embedded: services.promise, wholeState: primary.wholeState });
  // A worker that is closed before it was opened never hears of any services.
  const forgetServices = () => services.reject(new Error("The worker was closed before it was opened."));
  primary.obey({
    listen: (port) => app.gateway.listen({ host: config.host, port }),
    open: async (shared) => {
      services.resolve({ ...shared, stop: async () => {} });
      await app.open();
    },
    retire: async () => {
      forgetServices();
      await app.retire();
    },
    close: async () => {
      forgetServices();
      await app.close();
    },
  });
}
