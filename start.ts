import { enableCompileCache } from "node:module";
import type { Writable } from "node:stream";
import { inspect } from "node:util";
import type { Logger } from "pino";
import type { SharedServices } from "./atlas/primary.ts";

// Keeps compiled code between starts, which makes the next one a third faster: it must be on before the app is loaded.
enableCompileCache();
const { pino } = await import("pino");
const { logDestination } = await import("tributary-graphql/server");
const { loadConfig } = await import("./config.ts");
const { showProgress } = await import("./atlas/database/progress.ts");
const { guardProcess } = await import("tributary-graphql/server");
const { connectToPrimary, isWorker } = await import("tributary-graphql/server");

const { help, unknownSettings } = await import("./settings.ts");

type Config = ReturnType<typeof loadConfig>;

const onProgress = showProgress(process.stderr);

/** Starts Atlas as the environment says, and prints its address once it answers. */
async function start(): Promise<void> {
  const [argument] = process.argv.slice(2);
  if (argument === "--help" || argument === "-h") return console.log(help());
  if (argument !== undefined) throw new Error(`Expected no argument, got "${argument}": --help lists the settings.`);
  // First, since one of them may be why another setting is missing.
  if (!isWorker()) for (const line of unknownSettings(process.env)) console.error(line);
  const config = loadConfig(process.env);
  if (isWorker()) {
    // First of all, because from here on signals are the primary's to act on.
    const primary = connectToPrimary<SharedServices>();
    const { startWorker } = await loaded(import("./atlas/worker.ts"));
    return startWorker(config, primary);
  }
  const server = await (config.workers > 1 ? createPrimary(config) : createSingle(config));
  guardProcess(server.logger, () => void stopWith(server.close, 1));
  stopOnSignals(server);
  stopWithNpm();
  process.on("SIGUSR2", server.restart);
  try {
    console.log(`listening on ${await server.start()}`);
  } catch (error) {
    await server.close();
    throw error;
  }
}

/** One process that does everything. */
async function createSingle(config: Config) {
  const logger = pino({ level: config.logLevel }, logDestination(process.stdout.isTTY ? await logOutput() : undefined));
  const { startEmbeddedServices } = await import("./atlas/services/embedded.ts");
  // The services load beside the app, which takes as long as they do.
  const embedded = startEmbeddedServices(config, logger);
  const { createApp } = await loaded(import("./atlas/app.ts"));
  const app = createApp({ config, logger, embedded, onProgress });
  const start = async () => {
    const { url } = await app.gateway.listen(config);
    await app.open();
    return url;
  };
  const restart = () => logger.warn("a rolling restart needs WORKERS to be 2 or more");
  return { start, restart, close: app.close, logger };
}

/**
 * A part of Atlas, once it is loaded.
 * @throws Error whose message has the place: what a file throws while it is loaded is a fault in its code
 */
async function loaded<Part>(loading: Promise<Part>): Promise<Part> {
  try {
    return await loading;
  } catch (error) {
    throw new Error(inspect(error), { cause: error });
  }
}

/** JSON for machines, and lines for people on a terminal. */
async function logOutput(): Promise<Writable> {
  if (!process.stdout.isTTY) return process.stdout;
  const { linesForPeople } = await import("tributary-graphql/server");
  return linesForPeople(process.stdout);
}

/** A process that keeps workers, whose lines go through its own output. */
async function createPrimary(config: Config) {
  const output = await logOutput();
  const logger = pino({ level: config.logLevel }, output);
  const { createAtlasPrimary } = await import("./atlas/primary.ts");
  return { ...createAtlasPrimary({ config, logger, output, onProgress }), logger };
}

/**
 * npm passes no SIGTERM on to what it runs: whoever stops `npm start` so would leave this process behind. It stops when
 * the npm that started it is gone.
 */
function stopWithNpm(): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const npm = process.ppid;
  setInterval(() => process.ppid !== npm && process.kill(process.pid, "SIGTERM"), 500).unref();
}

let isStopping = false;

/** The first signal lets running requests finish; a second one does not wait. */
function stopOnSignals({ close, logger }: { readonly close: () => Promise<void>; readonly logger: Logger }): void {
  const stop = (signal: NodeJS.Signals) => {
    if (isStopping) process.exit(1);
    logger.info({ signal }, "shutting down: running requests are finished");
    void stopWith(close, 0);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
}

async function stopWith(close: () => Promise<void>, code: number): Promise<void> {
  isStopping = true;
  // Whatever hinders it from closing is logged by whoever guards the process.
  await close().catch(() => undefined);
  process.exit(code);
}

try {
  await start();
} catch (error) {
  // A start that a signal cuts short fails because of it, which is no news.
  if (!isStopping) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
  // The channel to the primary would keep it, and so would the services that load beside the app. A signal has its own end.
  if (isWorker() || !isStopping) process.exit();
}
