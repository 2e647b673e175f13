import { pino } from "pino";
import type { PrimaryConnection } from "../gateway/cluster/worker.ts";
import { guardProcess } from "../gateway/process-guard.ts";
import { logDestination } from "../gateway/telemetry/log-destination.ts";
import { gatewaySettings } from "./gateway-settings.ts";
import { loaded } from "./loaded.ts";
import type { ServeOptions } from "./serve-options.ts";
import type { EngineConfig } from "./settings/engine-settings.ts";

/** Makes this process a worker: the same app as without a primary, which starts and stops as that says. */
export async function serveAsWorker<Config extends EngineConfig, Shared>(
  config: Config,
  options: ServeOptions<Config, Shared>,
  primary: PrimaryConnection<Shared>,
): Promise<void> {
  // Not by pino's own writer: when the primary is gone, that tries for ever to write what is left, and the process stays.
  const logger = pino({ level: config.logLevel }, logDestination(process.stdout)).child({
    worker: primary.workerNumber,
  });
  guardProcess(logger, primary.askForReplacement);
  const opening = Promise.withResolvers<Shared>();
  opening.promise.catch(() => undefined);
  const { clusterState } = primary;
  const gateway = { ...gatewaySettings(config), logger, clusterState, startsReady: false as const };
  const { gateway: served, ...app } = await loaded(() =>
    options.createApp({ config, logger, gateway, shared: opening.promise }),
  );
  const end = (how: "retire" | "close") => async () => {
    // One that is closed before it was opened never hears of what is shared.
    opening.reject(new Error("The worker was closed before it was opened."));
    await served[how]();
    await app.close?.();
  };
  primary.obey({
    listen: (port) => served.listen({ host: config.host, port }),
    open: async (shared) => {
      opening.resolve(shared);
      await app.open?.();
      served.markReady();
    },
    retire: end("retire"),
    close: end("close"),
  });
}
