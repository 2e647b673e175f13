import { AsyncLocalStorage } from "node:async_hooks";
import { enableCompileCache } from "node:module";
import { CallLog } from "../../core/call-log.ts";
import { loadAppConfig, loadCurrentSchema } from "../app.ts";
import { CommandError } from "../command-error.ts";
import { type CallOrigin, trackResolvers } from "./call-origin.ts";
import { FunctionLocations } from "./function-location.ts";

/** The app in this process, with the sources from the environment. */
export interface RunningApp extends AsyncDisposable {
  /**
   * Sends a request to the gateway, without a socket, and calls `read` with the response. Writes the calls to `log`,
   * including those of subscription events, which are executed while the response is read.
   */
  ask<Result>(request: Request, log: CallLog, read: (response: Response) => Promise<Result>): Promise<Result>;
  /** The field whose resolver is running. */
  currentOrigin(): CallOrigin | undefined;
}

// Held calls must not run into the deadline.
const fixed = { REQUEST_TIMEOUT_MS: "120000", NODE_ENV: "test" };

/** @throws CommandError with one line: the source that is unavailable, or the setting that is invalid */
export async function startApp(): Promise<RunningApp> {
  // Before the app is loaded.
  enableCompileCache();
  const config = await loadAppConfig();
  if (config.start === undefined) {
    throw new CommandError(
      "tributary.config.ts has no function `start`: add it, so that the client operations can be executed.",
    );
  }
  const tracked = await trackSchema();
  const logs = new AsyncLocalStorage<CallLog>();
  const createCallLog = () => logs.getStore() ?? new CallLog();
  const { start } = config;
  try {
    const app = await start({ environment: { ...process.env, ...fixed }, createCallLog });
    return {
      ask: (request, log, read) => logs.run(log, async () => read(await app.gateway.fetch(request))),
      currentOrigin: tracked.currentOrigin,
      [Symbol.asyncDispose]: async () => {
        tracked[Symbol.dispose]();
        await app.close();
      },
    };
  } catch (error) {
    tracked[Symbol.dispose]();
    // Usually a fault of the environment, for which one line without a stack trace is enough.
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError(`The app did not start: ${reason}`);
  }
}

/** Wraps the resolvers of the app's schema, so that the running one is known. */
async function trackSchema(): Promise<Disposable & { currentOrigin(): CallOrigin | undefined }> {
  const locations = new FunctionLocations();
  const currentOrigin = trackResolvers(await loadCurrentSchema(), locations.locate);
  return { currentOrigin, [Symbol.dispose]: () => locations[Symbol.dispose]() };
}
