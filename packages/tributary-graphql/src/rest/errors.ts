import { errors } from "undici";
import { DomainError } from "../core/domain-error.ts";
import type { FailedCall } from "../core/error-codes.ts";
import { TooLargeError, UnreadableBodyError } from "./body.ts";
import { CallTimeoutError, ConnectionError } from "./exchange.ts";
import { QueueFullError } from "./shared-call.ts";

/** The call that an error is about. */
export interface CallDetails extends FailedCall {
  /** The name of the service. */
  readonly source: string;
  readonly path: string;
}

const failure = (
  code: "UPSTREAM_UNAVAILABLE" | "UPSTREAM_INVALID_RESPONSE" | "DEADLINE_EXCEEDED" | "OVERLOADED",
  message: string,
  { source, ...failedCall }: CallDetails,
  cause?: unknown,
): DomainError => new DomainError(code, message, { source, cause, failedCall });

const unavailable = (details: CallDetails, predicate: string, cause?: unknown): DomainError =>
  failure("UPSTREAM_UNAVAILABLE", `The service ${details.source} ${predicate}.`, details, cause);

export const invalidResponse = (details: CallDetails, issue: string, cause?: unknown): DomainError =>
  failure(
    "UPSTREAM_INVALID_RESPONSE",
    `The service ${details.source} sent an invalid response to ${details.path}: ${issue}.`,
    details,
    cause,
  );

/** The temporary statuses below 500: timeout, too early, too many requests. */
const temporaryStatuses: ReadonlySet<number> = new Set([408, 425, 429]);

/** The error for a status other than 200. */
export function statusError(details: CallDetails, status: number): DomainError {
  const isPermanent = status < 500 && !temporaryStatuses.has(status);
  return isPermanent
    ? invalidResponse({ ...details, status }, `status ${status}`)
    : unavailable({ ...details, status }, `responded to ${details.path} with status ${status}`);
}

/** A status that counts as a failure of the service (RFC 5861). */
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

/** The error of a call that failed although its request goes on. */
export function callError(error: unknown, details: CallDetails, limits: CallLimits): unknown {
  if (error instanceof FailureStatus) return statusError(details, error.status);
  if (error instanceof CallTimeoutError) {
    return unavailable(details, `did not respond within ${limits.timeoutMs} ms`, error);
  }
  if (error instanceof QueueFullError) {
    const { source } = details;
    const message = `The service ${source} has ${limits.maxConcurrency} pending and ${limits.maxQueue} queued calls (maxConcurrency, maxQueue).`;
    return failure("OVERLOADED", message, details, error);
  }
  if (error instanceof TooLargeError || error instanceof UnreadableBodyError) {
    return invalidResponse(details, error.message, error);
  }
  if (!(error instanceof ConnectionError)) return error;
  return connectionError(error, details, limits);
}

function connectionError(error: ConnectionError, details: CallDetails, { maxHeaderBytes }: CallLimits): DomainError {
  const { cause, responseStarted } = error;
  if (cause instanceof errors.HeadersOverflowError) {
    return invalidResponse(details, `its headers exceed ${maxHeaderBytes} bytes (maxHeaderBytes)`, cause);
  }
  const isInvalidHttp = cause instanceof errors.SocketError && /^bad (?:response|upgrade)$/.test(cause.message);
  const isMismatch = cause instanceof errors.ResponseContentLengthMismatchError && !responseStarted;
  if (isInvalidHttp || isMismatch || cause instanceof errors.HTTPParserError) {
    return invalidResponse(details, "it is not valid HTTP", cause);
  }
  return responseStarted
    ? unavailable(details, `did not complete its response to ${details.path}`, cause)
    : unavailable(details, "cannot be reached", cause);
}

/**
 * The error for a request's abort reason: `DEADLINE_EXCEEDED` for its deadline. Any other reason is returned unchanged.
 */
export function requestError(reason: unknown, details: CallDetails): unknown {
  if (!isTimeout(reason)) return reason;
  return failure(
    "DEADLINE_EXCEEDED",
    `The request's deadline passed before the service ${details.source} responded.`,
    details,
    reason,
  );
}

export const isTimeout = (reason: unknown): boolean => reason instanceof DOMException && reason.name === "TimeoutError";
