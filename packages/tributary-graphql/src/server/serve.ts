import { connectToPrimary, isWorker } from "../gateway/cluster/worker.ts";
import { guardProcess } from "./process-guard.ts";
import { ProcessShutdown, stopWithNpm } from "./process-shutdown.ts";
import type { ServeOptions } from "./serve-options.ts";
import type { EngineConfig } from "./settings/engine-settings.ts";

/**
 * Serves an app in this process, whose lifecycle it controls from then on. Call it last in the start file.
 *
 * - Settings come from the environment. `--help` lists them. A probable misspelling of a variable is reported on standard
 *   error. An invalid value stops the start.
 * - With `WORKERS=1` this process serves requests. With more it is the primary of that many workers, each of which runs the
 *   same start file.
 * - It prints `listening on <url>` on standard output when it is ready. The log goes to standard output too: as JSON, or as
 *   lines for people on a terminal.
 * - SIGINT, SIGTERM and SIGHUP start a graceful shutdown with exit code 0; a second signal exits at once with 1. SIGUSR2
 *   starts a rolling restart of the workers. The process shuts down when the npm that started it has exited.
 * - A failed start prints one line on standard error and exits with 1. An error in the app's code is printed with its stack
 *   trace.
 * - An unhandled rejection is logged. After an uncaught exception the process shuts down gracefully and exits with 1; a
 *   worker is replaced.
 *
 * @example
 * import { createGateway } from "tributary-graphql";
 * import { defineSettings, serve } from "tributary-graphql/server";
 *
 * await serve({
 *   settings: defineSettings({}),
 *   createApp: async ({ gateway }) => {
 *     const { schema } = await import("./schema.ts");
 *     return { gateway: createGateway({ ...gateway, schema }) };
 *   },
 * });
 */
export async function serve<Config extends EngineConfig, Shared = undefined>(
  options: ServeOptions<Config, Shared>,
): Promise<void> {
  const shutdown = new ProcessShutdown();
  try {
    await start(options, shutdown);
  } catch (error) {
    // A signal during the start makes it fail, which needs no message.
    if (!shutdown.isStopping) {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 1;
    }
    // The channel to the primary and the shared resources would keep the process running. A shutdown exits by itself.
    if (isWorker() || !shutdown.isStopping) process.exit();
  }
}

async function start<Config extends EngineConfig, Shared>(
  options: ServeOptions<Config, Shared>,
  shutdown: ProcessShutdown,
): Promise<void> {
  const { settings } = options;
  const [argument] = process.argv.slice(2);
  if (argument === "--help" || argument === "-h") return console.log(settings.help());
  if (argument !== undefined) throw new Error(`Expected no argument, got "${argument}": --help lists the settings.`);
  // Before `load`, because a misspelled name may be the reason for a missing setting.
  if (!isWorker()) for (const line of settings.unknown(process.env)) console.error(line);
  const config = settings.load(process.env);
  if (isWorker()) {
    // Before the app is loaded, because from here on this process leaves signals to the primary.
    const primary = connectToPrimary<Shared>();
    const { runWorker } = await import("./run-worker.ts");
    return runWorker(config, options, primary);
  }
  const server = await mainProcess(config, options);
  guardProcess(server.logger, () => void shutdown.stop(server, 1));
  shutdown.onSignals(server);
  stopWithNpm();
  process.on("SIGUSR2", server.restart);
  try {
    console.log(`listening on ${await server.start()}`);
  } catch (error) {
    await server.close();
    throw error;
  }
}

async function mainProcess<Config extends EngineConfig, Shared>(config: Config, options: ServeOptions<Config, Shared>) {
  if (config.workers > 1) return (await import("./primary-process.ts")).createPrimaryProcess(config, options);
  return (await import("./single-process.ts")).createSingleProcess(config, options);
}
