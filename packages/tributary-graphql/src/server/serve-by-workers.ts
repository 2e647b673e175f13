import { pino } from "pino";
import { Primary } from "../gateway/cluster/primary.ts";
import { loaded } from "./loaded.ts";
import { logOutput } from "./log-output.ts";
import type { ServeOptions } from "./serve-options.ts";
import type { ServingProcess } from "./serving-process.ts";
import type { EngineConfig } from "./settings/engine-settings.ts";

/** A process that keeps workers, whose lines go through its own output. Serves no request itself. */
export async function serveByWorkers<Config extends EngineConfig, Shared>(
  config: Config,
  options: ServeOptions<Config, Shared>,
): Promise<ServingProcess> {
  const output = await logOutput();
  const logger = pino({ level: config.logLevel }, output);
  const parts = await loaded(() => options.createShared?.({ config, logger }));
  const primary = new Primary<Shared | undefined>({
    workers: config.workers,
    port: config.port,
    logger,
    output,
    prepare: async () => parts?.open(),
  });
  let closed: Promise<void> | undefined;
  const close = async () => {
    await primary.close();
    // Only now: what the workers finished may have needed it.
    await parts?.close?.();
  };
  return {
    logger,
    start: async () => (await primary.start()).url,
    restart: () => primary.restart(),
    close() {
      closed ??= close();
      return closed;
    },
  };
}
