import { AsyncLocalStorage } from "node:async_hooks";
import { enableCompileCache } from "node:module";
import { CallLog } from "../../core/call-log.ts";
import { loadAppConfig, loadCurrentSchema } from "../app.ts";
import { CheckError } from "../command-error.ts";
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

// A held call waits for others, and a deadline would run meanwhile.
const fixed = { REQUEST_TIMEOUT_MS: "120000", NODE_ENV: "test" };

/** @throws CheckError with one line that says which source cannot be had, or which setting is invalid */
export async function startApp(): Promise<RunningApp> {
  // Keeps compiled code between runs, as the server does: it must be on before the app is loaded.
  enableCompileCache();
  const config = await loadAppConfig();
  if (config.start === undefined) {
    throw new CheckError("No call could be made: tributary.config.ts has no `start`, which starts the app.");
  }
  const watched = await watchSchema();
  const logs = new AsyncLocalStorage<CallLog>();
  const createCallLog = () => logs.getStore() ?? new CallLog();
  const { start } = config;
  try {
    const app = await start({ environment: { ...process.env, ...fixed }, createCallLog });
    return {
      ask: (request, log, read) => logs.run(log, async () => read(await app.gateway.fetch(request))),
      originNow: watched.originNow,
      [Symbol.asyncDispose]: async () => {
        watched[Symbol.dispose]();
        await app.close();
      },
    };
  } catch (error) {
    watched[Symbol.dispose]();
    // A fault before the first call is the environment's: one line tells it.
    const reason = error instanceof Error ? error.message : String(error);
    throw new CheckError(`No call could be made, because the app did not start: ${reason}`);
  }
}

/** The schema that the app serves, made to tell which resolver is running. */
async function watchSchema(): Promise<Disposable & { originNow(): CallOrigin | undefined }> {
  const locations = new FunctionLocations();
  const originNow = watchResolvers(await loadCurrentSchema(), locations.locate);
  return { originNow, [Symbol.dispose]: () => locations[Symbol.dispose]() };
}
