import { pino } from "pino";
import { Primary } from "../gateway/cluster/primary.ts";
import { logOutput } from "./log-output.ts";
import type { MainProcess } from "./main-process.ts";
import { type MetricsServer, openMetricsServer } from "./metrics-server.ts";
import type { ServeOptions } from "./serve-options.ts";
import type { EngineConfig } from "./settings/engine-settings.ts";
import { withStackTrace } from "./with-stack-trace.ts";

/** The main process of `WORKERS=2` or more: the primary of the workers. It serves no request itself. */
export async function createPrimaryProcess<Config extends EngineConfig, Shared>(
  config: Config,
  options: ServeOptions<Config, Shared>,
): Promise<MainProcess> {
  const output = await logOutput();
  const logger = pino({ level: config.logLevel }, output);
  const parts = await withStackTrace(() => options.createShared?.({ config, logger }));
  const primary = new Primary<Shared | undefined>({
    workers: config.workers,
    port: config.port,
    logger,
    output,
    prepare: async () => parts?.open(),
  });
  let metricsServer: MetricsServer | undefined;
  let closed: Promise<void> | undefined;
  const close = async () => {
    await primary.close();
    await metricsServer?.close();
    // Last, because the workers need the shared resources until they have drained.
    await parts?.close?.();
  };
  return {
    logger,
    async start() {
      const { url } = await primary.start();
      metricsServer = await openMetricsServer(config, logger, () => primary.metrics());
      return url;
    },
    restart: () => primary.restart(),
    close() {
      closed ??= close();
      return closed;
    },
  };
}
