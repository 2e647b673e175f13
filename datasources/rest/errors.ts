import { DomainError } from "../errors.ts";
import { BodyTooLargeError } from "./body.ts";

export const unavailable = (source: string, what: string, cause?: unknown): DomainError =>
  new DomainError("UPSTREAM_UNAVAILABLE", `The service ${source} ${what}.`, { source, cause });

export const invalidResponse = (source: string, path: string, what: string, cause?: unknown): DomainError =>
  new DomainError("UPSTREAM_INVALID_RESPONSE", `The service ${source} sent an invalid answer to ${path}: ${what}.`, {
    source,
    cause,
  });

export const deadlineExceeded = (source: string, cause?: unknown): DomainError =>
  new DomainError("DEADLINE_EXCEEDED", `The request's time was up before the service ${source} answered.`, {
    source,
    cause,
  });

export interface FailedCall {
  readonly name: string;
  readonly path: string;
  readonly timeoutMs: number;
  /** The call's own deadline. */
  readonly timeout: AbortSignal;
  /** The request's signal: its deadline, or its client gone. */
  readonly requestSignal: AbortSignal;
}

/** What a failed call tells: whose deadline it was, or what the service did. An abort by the client stays what it is. */
export function upstreamError(error: unknown, call: FailedCall): unknown {
  if (error instanceof DomainError) return error;
  if (error instanceof BodyTooLargeError) return invalidResponse(call.name, call.path, error.message, error);
  const { reason, aborted } = call.requestSignal;
  if (aborted) return isTimeout(reason) ? deadlineExceeded(call.name, reason) : reason;
  if (call.timeout.aborted) return unavailable(call.name, `did not answer within ${call.timeoutMs} ms`, error);
  return unavailable(call.name, "cannot be reached", error);
}

const isTimeout = (reason: unknown): boolean => reason instanceof DOMException && reason.name === "TimeoutError";
