import { errors } from "undici";
import { DomainError } from "../core/domain-error.ts";
import type { FailedCall } from "../core/error-codes.ts";
import { TooLargeError, UnreadableBodyError } from "./body.ts";
import { CallTimeoutError, ConnectionError } from "./exchange.ts";
import { QueueFullError } from "./shared-call.ts";

/** The call to a service that failed. */
export interface Failing extends FailedCall {
  /** The name of the service. */
  readonly source: string;
  readonly path: string;
}

const failure = (
  code: "UPSTREAM_UNAVAILABLE" | "UPSTREAM_INVALID_RESPONSE" | "DEADLINE_EXCEEDED" | "OVERLOADED",
  message: string,
  { source, ...failedCall }: Failing,
  cause?: unknown,
): DomainError => new DomainError(code, message, { source, cause, failedCall });

const unavailable = (failing: Failing, what: string, cause?: unknown): DomainError =>
  failure("UPSTREAM_UNAVAILABLE", `The service ${failing.source} ${what}.`, failing, cause);

export const invalidResponse = (failing: Failing, what: string, cause?: unknown): DomainError =>
  failure(
    "UPSTREAM_INVALID_RESPONSE",
    `The service ${failing.source} sent an invalid answer to ${failing.path}: ${what}.`,
    failing,
    cause,
  );

/** Statuses below 500 by which a service asks for patience. Any other below 500 is no answer to what we asked. */
const patienceStatuses: ReadonlySet<number> = new Set([408, 425, 429]);

/** The error for any status but 200. */
export function statusError(failing: Failing, status: number): DomainError {
  const isRefusal = status < 500 && !patienceStatuses.has(status);
  return isRefusal
    ? invalidResponse({ ...failing, status }, `status ${status}`)
    : unavailable({ ...failing, status }, `answered ${failing.path} with status ${status}`);
}

/** A status by which the service fails, where nothing else was thrown. */
export class FailureStatus {
  readonly status: number;

  constructor(status: number) {
    this.status = status;
  }
}

export interface CallLimits {
  readonly timeoutMs: number;
  readonly maxHeaderBytes: number;
  readonly maxConcurrency: number;
  readonly maxQueue: number;
}

/** The error of a call that failed by itself, and not because its request ended. */
export function callError(error: unknown, failing: Failing, limits: CallLimits): unknown {
  if (error instanceof FailureStatus) return statusError(failing, error.status);
  if (error instanceof CallTimeoutError) {
    return unavailable(failing, `did not answer within ${limits.timeoutMs} ms`, error);
  }
  if (error instanceof QueueFullError) {
    const { source } = failing;
    const message = `The service ${source} has ${limits.maxConcurrency} calls under way, and ${limits.maxQueue} are waiting (maxConcurrency, maxQueue).`;
    return failure("OVERLOADED", message, failing, error);
  }
  if (error instanceof TooLargeError || error instanceof UnreadableBodyError) {
    return invalidResponse(failing, error.message, error);
  }
  if (!(error instanceof ConnectionError)) return error;
  return connectionError(error, failing, limits);
}

function connectionError(error: ConnectionError, failing: Failing, { maxHeaderBytes }: CallLimits): DomainError {
  const { cause, hasBegun } = error;
  if (cause instanceof errors.HeadersOverflowError) {
    return invalidResponse(failing, `its headers exceed ${maxHeaderBytes} bytes (maxHeaderBytes)`, cause);
  }
  const isRefused = cause instanceof errors.SocketError && /^bad (?:response|upgrade)$/.test(cause.message);
  const isMismatch = cause instanceof errors.ResponseContentLengthMismatchError && !hasBegun;
  if (isRefused || isMismatch || cause instanceof errors.HTTPParserError) {
    return invalidResponse(failing, "it is not valid HTTP", cause);
  }
  return hasBegun
    ? unavailable(failing, `broke off its answer to ${failing.path}`, cause)
    : unavailable(failing, "cannot be reached", cause);
}

/** The error when a request's deadline has passed. The abort of a client stays as it is. */
export function requestError(reason: unknown, failing: Failing): unknown {
  if (!isTimeout(reason)) return reason;
  return failure(
    "DEADLINE_EXCEEDED",
    `The request's time was up before the service ${failing.source} answered.`,
    failing,
    reason,
  );
}

export const isTimeout = (reason: unknown): boolean => reason instanceof DOMException && reason.name === "TimeoutError";
