import type { Logger } from "pino";
import type { Accepted } from "./http/accept.ts";
import type { RequestLifetime } from "./request-lifetime.ts";
import type { RequestScope } from "./request-scope.ts";
import type { CallLog } from "./telemetry/call-log.ts";
import type { RequestReport } from "./telemetry/request-report.ts";

/** One GraphQL request on its way through the gateway: what its stages share. */
export interface RequestRun {
  readonly id: string;
  readonly log: Logger;
  readonly calls: CallLog;
  readonly lifetime: RequestLifetime;
  readonly report: RequestReport;
  readonly accepted: Accepted;
  /** Whether the answer carries `extensions.calls`. */
  readonly showsCalls: boolean;
  /** Errors that were logged already: one that fails a hundred fields is logged once. */
  readonly loggedErrors: WeakSet<object>;
  /** The request itself, kept for as long as it runs: a collected `Request` no longer hears that its client left. */
  readonly request: Request;
}

/** The part of a run that whoever makes the context gets to see. */
export const scopeOf = ({ id, log, calls, lifetime, request }: RequestRun): RequestScope => ({
  id,
  log,
  calls,
  signal: lifetime.signal,
  remainingMs: () => lifetime.remainingMs(),
  headers: request.headers,
});
