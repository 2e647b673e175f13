import { pino } from "pino";
import { createApp } from "./app.ts";
import { loadConfig } from "./config.ts";
import { showProgress } from "./demo/database/progress.ts";

async function start(): Promise<void> {
  const config = loadConfig(process.env);
  const app = createApp({
    config,
    logger: pino({ level: config.logLevel }),
    onProgress: showProgress(process.stderr),
  });
  stopOnSignals(app.close);
  const { url } = await app.gateway.listen(config);
  try {
    await app.open();
  } catch (error) {
    await app.close();
    throw error;
  }
  console.log(`listening on ${url}`);
}

/** The first signal lets running requests finish; a second one does not wait. */
function stopOnSignals(close: () => Promise<void>): void {
  let isClosing = false;
  const stop = async (signal: NodeJS.Signals) => {
    if (isClosing) process.exit(1);
    isClosing = true;
    await close();
    process.exit(signal === "SIGHUP" ? 129 : 0);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
}

try {
  await start();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
