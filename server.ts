import { enableCompileCache } from "node:module";

// Keeps compiled code between starts, which makes the next one a third faster: it must be on before the app is loaded.
enableCompileCache();
const { pino } = await import("pino");
const { logDestination } = await import("./gateway/telemetry/log-destination.ts");
const { loadConfig } = await import("./config.ts");
const { startEmbeddedServices } = await import("./demo/services/embedded.ts");
const { showProgress } = await import("./demo/database/progress.ts");

/** Starts Atlas as the environment says, and prints its address once it answers. */
async function start(): Promise<void> {
  const config = loadConfig(process.env);
  const logger = pino({ level: config.logLevel }, logDestination());
  // The services load beside the app, which takes as long as they do.
  const embedded = startEmbeddedServices(config, logger);
  const { createApp } = await import("./app.ts");
  const app = createApp({ config, logger, embedded, onProgress: showProgress(process.stderr) });
  stopOnSignals(app.close);
  stopWithNpm();
  try {
    const { url } = await app.gateway.listen(config);
    await app.open();
    console.log(`listening on ${url}`);
  } catch (error) {
    await app.close();
    throw error;
  }
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
function stopOnSignals(close: () => Promise<void>): void {
  const stop = async () => {
    if (isStopping) process.exit(1);
    isStopping = true;
    await close();
    process.exit(0);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
}

try {
  await start();
} catch (error) {
  // A start that a signal cuts short fails because of it, which is no news.
  if (!isStopping) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
