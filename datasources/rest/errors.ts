import { DomainError } from "../errors.ts";
import { BodyTooLargeError } from "./body.ts";

const unavailable = (source: string, what: string, cause?: unknown): DomainError =>
  new DomainError("UPSTREAM_UNAVAILABLE", `The service ${source} ${what}.`, { source, cause });

export const invalidResponse = (source: string, path: string, what: string, cause?: unknown): DomainError =>
  new DomainError("UPSTREAM_INVALID_RESPONSE", `The service ${source} sent an invalid answer to ${path}: ${what}.`, {
    source,
    cause,
  });

const deadlineExceeded = (source: string, cause?: unknown): DomainError =>
  new DomainError("DEADLINE_EXCEEDED", `The request's time was up before the service ${source} answered.`, {
    source,
    cause,
  });

export const tooSlow = (source: string, timeoutMs: number, cause: unknown): DomainError =>
  unavailable(source, `did not answer within ${timeoutMs} ms`, cause);

/** What 4xx says of the service's state: that it asks for patience. Any other below 500 is no answer to what we asked. */
const patienceStatuses: ReadonlySet<number> = new Set([408, 425, 429]);

/** @throws DomainError for any status but 200 */
export function assertSuccess(source: string, path: string, status: number): void {
  if (status === 200) return;
  const isRefusal = status < 500 && !patienceStatuses.has(status);
  throw isRefusal
    ? invalidResponse(source, path, `status ${status}`)
    : unavailable(source, `answered ${path} with status ${status}`);
}

export interface FailedCall {
  readonly name: string;
  readonly path: string;
  /** The request's signal: its deadline, or its client gone. */
  readonly requestSignal: AbortSignal;
}

/** What a failed call tells: whose deadline it was, or what the service did. An abort by the client stays what it is. */
export function upstreamError(error: unknown, call: FailedCall): unknown {
  if (error instanceof DomainError) return error;
  if (error instanceof BodyTooLargeError) return invalidResponse(call.name, call.path, error.message, error);
  const { reason, aborted } = call.requestSignal;
  if (aborted) return isTimeout(reason) ? deadlineExceeded(call.name, reason) : reason;
  return unavailable(call.name, "cannot be reached", error);
}

const isTimeout = (reason: unknown): boolean => reason instanceof DOMException && reason.name === "TimeoutError";
