import { pino } from "pino";
import { logDestination } from "../gateway/telemetry/log-destination.ts";
import { gatewaySettings } from "./gateway-settings.ts";
import { logOutput } from "./log-output.ts";
import type { MainProcess } from "./main-process.ts";
import { type MetricsServer, openMetricsServer } from "./metrics-server.ts";
import { openRateLimitStore } from "./rate-limit-store.ts";
import type { ServeOptions } from "./serve-options.ts";
import type { EngineConfig } from "./settings/engine-settings.ts";
import { withStackTrace } from "./with-stack-trace.ts";

/** The main process of `WORKERS=1`: it serves requests itself. */
export async function createSingleProcess<Config extends EngineConfig, Shared>(
  config: Config,
  options: ServeOptions<Config, Shared>,
): Promise<MainProcess> {
  const logger = pino({ level: config.logLevel }, logDestination(process.stdout.isTTY ? await logOutput() : undefined));
  // Before the app, so that slow resources start while it loads.
  const parts = await withStackTrace(() => options.createShared?.({ config, logger }));
  const opening = Promise.withResolvers<Shared>();
  opening.promise.catch(() => undefined);
  const store = await openRateLimitStore(config, logger);
  const gateway = { ...gatewaySettings(config, store), logger, startsReady: false as const };
  const app = await withStackTrace(() => options.createApp({ config, logger, gateway, shared: opening.promise }));
  let metricsServer: MetricsServer | undefined;
  let closed: Promise<void> | undefined;
  const close = async () => {
    await app.gateway.close();
    await app.close?.();
    await metricsServer?.close();
    await store?.close?.();
    await parts?.close?.();
  };
  return {
    logger,
    async start() {
      const { url } = await app.gateway.listen(config);
      metricsServer = await openMetricsServer(config, logger, async () => (await app.gateway.metrics?.text()) ?? "");
      opening.resolve(parts ? parts.open() : (undefined as Shared));
      await app.open?.();
      // The app need not have awaited it.
      await opening.promise;
      app.gateway.markReady();
      return url;
    },
    restart: () => logger.warn("SIGUSR2 was ignored: a rolling restart needs WORKERS=2 or more"),
    close() {
      closed ??= close();
      return closed;
    },
  };
}
