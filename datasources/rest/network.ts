import type { Dispatcher } from "undici";
import { onAbort } from "../abort-listeners.ts";

/** What is to be known of one call below the HTTP cache, and what was seen there. */
export interface NetworkCall {
  /** Stops the call. */
  readonly signal: AbortSignal;
  /** The service was called; otherwise the cache had the answer. */
  wasCalled: boolean;
  /** The service failed: it could not be reached, took too long, or answered with a 5xx. */
  hasFailed: boolean;
  /** The service answered that what the cache holds is still right. */
  wasRevalidated: boolean;
}

/** The service did not answer in its own time. */
export class CallTimeoutError extends Error {
  override readonly name = "CallTimeoutError";
}

const key = Symbol("network call");

/** Carries the call along with its options, through every interceptor that passes them on. */
export const withNetworkCall = <Options extends object>(options: Options, call: NetworkCall): Options =>
  Object.assign(options, { [key]: call });

export const networkCallOf = (options: object): NetworkCall | undefined => (options as { [key]?: NetworkCall })[key];

/**
 * An interceptor for the bottom of the stack, right above the network: ends a call after `timeoutMs`, and as soon as its
 * signal is aborted.
 *
 * Both have to happen below the cache. Above it, an abort is not heard while the cache revalidates, and a timeout would
 * not make it answer with what it has. And undici itself tells a queued or connecting call of an abort only when it gets
 * its socket, so the end is reported from here, at once; what comes from the network later is ignored.
 */
export const endInTime =
  (timeoutMs: number): Dispatcher.DispatcherComposeInterceptor =>
  (dispatch) =>
  (options, handler) => {
    const call = networkCallOf(options);
    if (call === undefined) throw new TypeError("Expected a call with its options, got none.");
    call.wasCalled = true;
    return dispatch(options, new TimedHandler(handler, call, timeoutMs));
  };

class TimedHandler implements Dispatcher.DispatchHandler {
  readonly #inner: Dispatcher.DispatchHandler;
  readonly #call: NetworkCall;
  readonly #timer: NodeJS.Timeout;
  readonly #removeListener: () => void;
  #controller: Dispatcher.DispatchController | undefined;
  #stoppedBy: Error | undefined;
  #isOver = false;

  constructor(inner: Dispatcher.DispatchHandler, call: NetworkCall, timeoutMs: number) {
    this.#inner = inner;
    this.#call = call;
    this.#timer = setTimeout(() => this.#stop(new CallTimeoutError(`no answer within ${timeoutMs} ms`)), timeoutMs);
    this.#removeListener = onAbort(call.signal, () => this.#stop(call.signal.reason));
  }

  onRequestStart(controller: Dispatcher.DispatchController, context: unknown): void {
    this.#controller = controller;
    if (this.#stoppedBy !== undefined) controller.abort(this.#stoppedBy);
    else this.#inner.onRequestStart?.(controller, context);
  }

  onResponseStart(...parts: Parameters<NonNullable<Dispatcher.DispatchHandler["onResponseStart"]>>): void {
    if (this.#isOver) return;
    if (parts[1] >= 500) this.#call.hasFailed = true;
    this.#inner.onResponseStart?.(...parts);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#isOver) this.#inner.onResponseData?.(controller, chunk);
  }

  onResponseEnd(...parts: Parameters<NonNullable<Dispatcher.DispatchHandler["onResponseEnd"]>>): void {
    if (this.#isOver) return;
    this.#end();
    this.#inner.onResponseEnd?.(...parts);
  }

  onResponseError(controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#isOver) return;
    this.#end();
    this.#call.hasFailed = true;
    this.#inner.onResponseError?.(controller, error);
  }

  #stop(reason: Error): void {
    this.#stoppedBy = reason;
    this.onResponseError(this.#controller ?? notStarted, reason);
    this.#controller?.abort(reason);
  }

  #end(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#removeListener();
  }
}

/** Stands for a call that has no socket yet: there is nothing to steer. */
const notStarted: Dispatcher.DispatchController = {
  aborted: true,
  paused: false,
  reason: null,
  abort() {},
  pause() {},
  resume() {},
};
