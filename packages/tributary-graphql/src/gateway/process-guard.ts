import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import { readProperty } from "../core/thrown-values.ts";
import { errorFields } from "./telemetry/error-fields.ts";

/** Errors of a connection that has gone: an `error` event that nobody listened to, and nothing else has changed. */
const connectionErrors: ReadonlySet<unknown> = new Set(["ECONNRESET", "ECONNABORTED", "EPIPE", "ETIMEDOUT"]);

/**
 * The last guard of a process that serves: what reaches Node without anybody having handled it is logged with an id.
 *
 * - A rejection that nobody listens to, and the error of a connection that has gone, change nothing: the process serves on.
 * - Any other exception was thrown out of a callback that may have been in the middle of something. `stop` is called once,
 *   to finish what runs and end the process.
 */
export function guardProcess(logger: Logger, stop: (error: unknown) => void): void {
  let isStopping = false;
  process.on("unhandledRejection", (reason) => {
    logger.error({ id: randomUUID(), err: errorFields(reason) }, "a rejection that nobody handled");
  });
  process.on("uncaughtException", (error: unknown) => {
    const fields = { id: randomUUID(), err: errorFields(error) };
    if (connectionErrors.has(readProperty(error, "code")) && readProperty(error, "syscall") !== undefined) {
      logger.error(fields, "an error of a connection that nobody handled");
      return;
    }
    logger.fatal(fields, "an exception that nobody handled: the process stops after its running requests");
    if (isStopping) return;
    isStopping = true;
    stop(error);
  });
}
