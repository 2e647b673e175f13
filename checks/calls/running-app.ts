import { AsyncLocalStorage } from "node:async_hooks";
import { enableCompileCache } from "node:module";
import { pino } from "pino";
import { loadConfig } from "../../config.ts";
import { CallLog } from "../../gateway/telemetry/call-log.ts";
import { CheckError } from "../check-error.ts";
import { loadCurrentSchema } from "../current-schema.ts";
import { type CallOrigin, watchResolvers } from "./call-origin.ts";
import { FunctionLocations } from "./function-location.ts";

/** The app in this process, over the sources that the environment names: without any, those that it comes with. */
export interface RunningApp extends AsyncDisposable {
  /**
   * Answers through the whole stack, without a socket, and has the response read. The calls are written to `log`, those
   * of an event of a subscription too, which is executed when it is read.
   */
  ask<Result>(request: Request, log: CallLog, read: (response: Response) => Promise<Result>): Promise<Result>;
  /** The field whose resolver is running. */
  originNow(): CallOrigin | undefined;
}

/** What holds unless the environment says otherwise, and what holds whatever it says. */
const defaults = { SUN_LATENCY_MS: "0", RATES_DRIFT_MS: "0", LOG_LEVEL: "silent" };
// A held call waits for others, and a deadline would run meanwhile.
const fixed = { REQUEST_TIMEOUT_MS: "120000", NODE_ENV: "test" };

/** @throws CheckError with one line that says which source cannot be had, or which setting makes no sense */
export async function startApp(environment: NodeJS.ProcessEnv = process.env): Promise<RunningApp> {
  const config = await orSay(() => loadConfig({ ...defaults, ...environment, ...fixed }));
  // Keeps compiled code between runs, as the server does: it must be on before the app is loaded.
  enableCompileCache();
  const { createApp } = await import("../../app.ts");
  const watched = await watchSchema();
  const logs = new AsyncLocalStorage<CallLog>();
  const createCallLog = () => logs.getStore() ?? new CallLog();
  const app = createApp({ config, logger: pino({ level: config.logLevel }), createCallLog });
  const close = async () => {
    watched[Symbol.dispose]();
    await app.close();
  };
  await orSay(() => app.open(), close);
  return {
    ask: (request, log, read) => logs.run(log, async () => read(await app.gateway.fetch(request))),
    originNow: watched.originNow,
    [Symbol.asyncDispose]: close,
  };
}

/** The schema that the app serves, made to tell which resolver is running. */
async function watchSchema(): Promise<Disposable & { originNow(): CallOrigin | undefined }> {
  const locations = new FunctionLocations();
  const originNow = watchResolvers(await loadCurrentSchema(), locations.locate);
  return { originNow, [Symbol.dispose]: () => locations[Symbol.dispose]() };
}

/** What goes wrong before the first call is the environment's fault: one line tells it. */
async function orSay<Result>(
  start: () => Result | Promise<Result>,
  close = async (): Promise<void> => undefined,
): Promise<Result> {
  try {
    return await start();
  } catch (error) {
    await close();
    const reason = error instanceof Error ? error.message : String(error);
    throw new CheckError(`No call could be made, because the app did not start: ${reason}`);
  }
}
