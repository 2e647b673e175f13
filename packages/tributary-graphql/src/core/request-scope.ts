import type { Logger } from "pino";
import type { CallLog } from "./call-log.ts";

/** The members of a request that `createContext` gets. */
export interface RequestScope {
  /** Unique; in the log line, in `x-request-id`, and in the extensions of a masked error. */
  readonly id: string;
  /**
   * Aborted when nobody waits for a lookup any more. Every lookup stops with it.
   *
   * `signal.reason.name` says why: `TimeoutError` when the deadline has passed and the client still waits (fail with
   * `DEADLINE_EXCEEDED`, the rest of the answer is delivered), `AbortError` when the client has left or the answer is
   * complete (what is thrown then goes nowhere).
   */
  readonly signal: AbortSignal;
  /** Milliseconds until the request's deadline, never below 0. */
  remainingMs(): number;
  readonly calls: CallLog;
  /**
   * For DataLoader's `batchScheduleFn`. A large execution pauses to let the event loop go on, also in the middle of a
   * level. A batch that is scheduled by this waits until the level is done; by DataLoader itself it would be sent with the
   * keys so far, and the number of calls would follow the length of a list.
   *
   * @example new DataLoader(batch, { batchScheduleFn: scope.scheduleBatch })
   */
  readonly scheduleBatch: (dispatch: () => void) => void;
  readonly log: Logger;
  /** The headers of the client's request, for sources that pass some of them on. */
  readonly headers: Headers;
}
