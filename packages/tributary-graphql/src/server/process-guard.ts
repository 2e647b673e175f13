import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import { readProperty } from "../core/thrown-values.ts";
import { errorFields } from "../gateway/telemetry/error-fields.ts";

/** Codes of errors of a closed connection: an `error` event without a listener, which leaves the process intact. */
const connectionErrors: ReadonlySet<unknown> = new Set(["ECONNRESET", "ECONNABORTED", "EPIPE", "ETIMEDOUT"]);

/**
 * Logs unhandled rejections and uncaught exceptions of this process, each with an id.
 *
 * - After an unhandled rejection or the error of a closed connection, the process keeps serving.
 * - After any other uncaught exception its state is unknown: `stop` is called, once, to drain and exit.
 */
export function guardProcess(logger: Logger, stop: (error: unknown) => void): void {
  let isStopping = false;
  process.on("unhandledRejection", (reason) => {
    logger.error({ id: randomUUID(), err: errorFields(reason) }, "unhandled rejection");
  });
  process.on("uncaughtException", (error: unknown) => {
    const fields = { id: randomUUID(), err: errorFields(error) };
    if (connectionErrors.has(readProperty(error, "code")) && readProperty(error, "syscall") !== undefined) {
      logger.error(fields, "unhandled connection error");
      return;
    }
    logger.fatal(fields, "uncaught exception: the process exits after its running requests");
    if (isStopping) return;
    isStopping = true;
    stop(error);
  });
}
