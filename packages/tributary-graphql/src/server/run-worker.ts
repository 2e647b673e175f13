import { pino } from "pino";
import type { PrimaryConnection } from "../gateway/cluster/worker.ts";
import { logDestination } from "../gateway/telemetry/log-destination.ts";
import { gatewaySettings } from "./gateway-settings.ts";
import { guardProcess } from "./process-guard.ts";
import { openRateLimitStore } from "./rate-limit-store.ts";
import type { ServeOptions } from "./serve-options.ts";
import type { EngineConfig } from "./settings/engine-settings.ts";
import { withStackTrace } from "./with-stack-trace.ts";

/** Runs this process as a worker: it serves the app, and starts and stops on the commands of its primary. */
export async function runWorker<Config extends EngineConfig, Shared>(
  config: Config,
  options: ServeOptions<Config, Shared>,
  primary: PrimaryConnection<Shared>,
): Promise<void> {
  // pino's own writer would retry for ever when the primary has exited, and keep this process running.
  const logger = pino({ level: config.logLevel }, logDestination(process.stdout)).child({
    worker: primary.workerNumber,
  });
  guardProcess(logger, primary.askForReplacement);
  const opening = Promise.withResolvers<Shared>();
  opening.promise.catch(() => undefined);
  const { clusterState } = primary;
  const store = await openRateLimitStore(config, logger, primary.charges);
  const settings = gatewaySettings(config, store);
  const metrics = settings.metrics && { ...settings.metrics, clusterText: primary.clusterMetrics };
  const gateway = { ...settings, metrics, logger, clusterState, startsReady: false as const };
  const { gateway: served, ...app } = await withStackTrace(() =>
    options.createApp({ config, logger, gateway, shared: opening.promise }),
  );
  const shutDown = (how: "retire" | "close") => async () => {
    // Settles `shared` for an app that awaits it, if no `open` has come. Otherwise this has no effect.
    opening.reject(new Error("The worker was closed before it was opened."));
    await served[how]();
    await app.close?.();
    await store?.close?.();
  };
  primary.obey({
    listen: (port) => served.listen({ host: config.host, port }),
    open: async (shared) => {
      opening.resolve(shared);
      await app.open?.();
      served.markReady();
    },
    figures: async () => (await served.metrics?.figures()) ?? [],
    retire: shutDown("retire"),
    close: shutDown("close"),
  });
}
