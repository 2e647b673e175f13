import type { Logger } from "pino";
import type { CallLog } from "./call-log.ts";

/** The parameter of `createContext`: the members of a request that an app may use. */
export interface RequestScope {
  /** The unique request id: in the log line, in `x-request-id`, and in the extensions of a masked error. */
  readonly id: string;
  /**
   * Aborts when no result is needed any more. Pass it to every call to a source.
   *
   * `signal.reason.name` is `TimeoutError` after the deadline, while the client still waits: fail with
   * `DEADLINE_EXCEEDED`; the rest of the response is delivered. It is `AbortError` when the client has disconnected or the
   * response is complete: errors are then ignored.
   */
  readonly signal: AbortSignal;
  /** Milliseconds until the request's deadline, at least 0. */
  remainingMs(): number;
  /** The call log of this request. */
  readonly calls: CallLog;
  /**
   * For DataLoader's `batchScheduleFn`. A large execution yields to the event loop, also in the middle of a level. This
   * function schedules a batch for the end of the level. DataLoader's default would send an incomplete batch at each yield,
   * so that the number of calls would grow with the length of a list.
   *
   * @example new DataLoader(batch, { batchScheduleFn: scope.scheduleBatch })
   */
  readonly scheduleBatch: (dispatch: () => void) => void;
  readonly log: Logger;
  /**
   * The declared headers of the client's request (`createGateway({ headers })`). To read one that is not declared throws a
   * TypeError.
   */
  readonly headers: Headers;
  /** The client's `traceparent` and `tracestate` for calls to sources (W3C Trace Context). Default: none. */
  readonly traceContext?: Readonly<Record<string, string>>;
}
