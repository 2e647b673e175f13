import { connectToPrimary, isWorker } from "../gateway/cluster/worker.ts";
import { guardProcess } from "../gateway/process-guard.ts";
import { ProcessEnd, stopWithNpm } from "./process-end.ts";
import type { ServeOptions } from "./serve-options.ts";
import type { EngineConfig } from "./settings/engine-settings.ts";

/**
 * Serves an app as this process: the last line of its start file. The process is in its hands from then on.
 *
 * - It reads the settings from the environment. `--help` lists them; a variable that is one letter off one is named on
 *   standard error; an invalid one stops the start.
 * - With `WORKERS=1` it serves by itself. With more it keeps that many workers, each of which runs the same start file.
 * - It prints `listening on <url>` on standard output once requests are answered, and logs there: JSON, or lines for people
 *   on a terminal.
 * - SIGINT, SIGTERM and SIGHUP let running requests finish and end it with 0; a second one does not wait. SIGUSR2 replaces
 *   the workers in turn. It ends with the npm that started it.
 * - What could not be had at the start is one line on standard error, and code 1. A file that cannot be loaded is told with
 *   its place.
 * - A rejection that nobody handled is logged. After such an exception it finishes what runs and ends with 1; a worker is
 *   replaced.
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
  const end = new ProcessEnd();
  try {
    await start(options, end);
  } catch (error) {
    // A start that a signal cuts short fails because of it, which is no news.
    if (!end.isStopping) {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 1;
    }
    // The channel to the primary would keep it, and so would what starts beside the app. A signal has its own end.
    if (isWorker() || !end.isStopping) process.exit();
  }
}

async function start<Config extends EngineConfig, Shared>(
  options: ServeOptions<Config, Shared>,
  end: ProcessEnd,
): Promise<void> {
  const { settings } = options;
  const [argument] = process.argv.slice(2);
  if (argument === "--help" || argument === "-h") return console.log(settings.help());
  if (argument !== undefined) throw new Error(`Expected no argument, got "${argument}": --help lists the settings.`);
  // First, since one of them may be why another setting is missing.
  if (!isWorker()) for (const line of settings.unknown(process.env)) console.error(line);
  const config = settings.load(process.env);
  if (isWorker()) {
    // First of all, because from here on signals are the primary's to act on.
    const primary = connectToPrimary<Shared>();
    const { serveAsWorker } = await import("./serve-as-worker.ts");
    return serveAsWorker(config, options, primary);
  }
  const server = await servingProcess(config, options);
  guardProcess(server.logger, () => void end.stop(server, 1));
  end.onSignals(server);
  stopWithNpm();
  process.on("SIGUSR2", server.restart);
  try {
    console.log(`listening on ${await server.start()}`);
  } catch (error) {
    await server.close();
    throw error;
  }
}

async function servingProcess<Config extends EngineConfig, Shared>(
  config: Config,
  options: ServeOptions<Config, Shared>,
) {
  if (config.workers > 1) return (await import("./serve-by-workers.ts")).serveByWorkers(config, options);
  return (await import("./serve-alone.ts")).serveAlone(config, options);
}
