/**
 * Why a request's signal was aborted. Every reason is a `DOMException`, so code that only has the signal (a source
 * imports nothing from the gateway but types) can tell them apart by `signal.reason.name`:
 *
 * - `TimeoutError`: the deadline has passed, the client still waits. Fail with `DEADLINE_EXCEEDED`: the rest of the
 *   answer is delivered beside that error.
 * - `AbortError`: the value is not needed any more (the client left, the answer is complete, the gateway stops).
 *   Just stop; what is thrown then is neither delivered nor logged.
 */
export const deadlinePassed = (timeoutMs: number): DOMException =>
  new DOMException(`The request's deadline of ${timeoutMs} ms has passed.`, "TimeoutError");

export const clientGone = (): DOMException => new DOMException("The client has left.", "AbortError");

/** Shared by all requests: a new `DOMException` captures a stack, which is too expensive at the end of every request. */
export const requestEnded = new DOMException("The request has ended.", "AbortError");

/** Whether this was thrown because a signal was aborted: the reason itself, or what a library makes of it. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === "AbortError" || error.name === "TimeoutError");
}
