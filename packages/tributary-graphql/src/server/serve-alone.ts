import { pino } from "pino";
import { logDestination } from "../gateway/telemetry/log-destination.ts";
import { gatewaySettings } from "./gateway-settings.ts";
import { loaded } from "./loaded.ts";
import { logOutput } from "./log-output.ts";
import type { ServeOptions } from "./serve-options.ts";
import type { ServingProcess } from "./serving-process.ts";
import type { EngineConfig } from "./settings/engine-settings.ts";

/** One process that does everything. */
export async function serveAlone<Config extends EngineConfig, Shared>(
  config: Config,
  options: ServeOptions<Config, Shared>,
): Promise<ServingProcess> {
  const logger = pino({ level: config.logLevel }, logDestination(process.stdout.isTTY ? await logOutput() : undefined));
  // The shared resources start while the app is loaded.
  const parts = await loaded(() => options.createShared?.({ config, logger }));
  const opening = Promise.withResolvers<Shared>();
  opening.promise.catch(() => undefined);
  const gateway = { ...gatewaySettings(config), logger, startsReady: false as const };
  const app = await loaded(() => options.createApp({ config, logger, gateway, shared: opening.promise }));
  let closed: Promise<void> | undefined;
  const close = async () => {
    await app.gateway.close();
    await app.close?.();
    await parts?.close?.();
  };
  return {
    logger,
    async start() {
      const { url } = await app.gateway.listen(config);
      opening.resolve(parts ? parts.open() : (undefined as Shared));
      await app.open?.();
      // Also where the app did not wait for it.
      await opening.promise;
      app.gateway.markReady();
      return url;
    },
    restart: () => logger.warn("a rolling restart needs WORKERS to be 2 or more"),
    close() {
      closed ??= close();
      return closed;
    },
  };
}
