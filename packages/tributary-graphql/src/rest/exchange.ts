import type { Dispatcher } from "undici";
import { onAbort } from "../core/abort-listeners.ts";
import { bodyTooLarge } from "./body.ts";
import type { ResponseHeaders } from "./upstream-read.ts";

/** A response whose body is not decoded yet. */
export interface RawResponse {
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly bytes: Buffer;
}

export interface ExchangeLimits {
  /** From the dispatch to the last byte of the response. */
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
}

/** The call took longer than `timeoutMs`. */
export class CallTimeoutError extends Error {
  override readonly name = "CallTimeoutError";
}

/** The connection failed, before or after the status and the headers of the response had arrived. */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
  readonly responseStarted: boolean;

  constructor(cause: Error, responseStarted: boolean) {
    super(cause.message, { cause });
    this.responseStarted = responseStarted;
  }
}

/**
 * One request and its response, limited in time and size, and stopped by the signal. undici reports an abort of a
 * queued or connecting request only when the request gets its socket. The promise rejects at once instead, and later
 * events are ignored.
 * @throws CallTimeoutError, TooLargeError, ConnectionError, or the signal's reason
 */
export function exchange(
  dispatcher: Dispatcher,
  options: Dispatcher.DispatchOptions,
  limits: ExchangeLimits,
  signal: AbortSignal,
): Promise<RawResponse> {
  const { promise, resolve, reject } = Promise.withResolvers<RawResponse>();
  const collector = new ResponseCollector(limits, signal, resolve, reject);
  dispatcher.dispatch(options, collector);
  return promise;
}

class ResponseCollector implements Dispatcher.DispatchHandler {
  readonly #limits: ExchangeLimits;
  readonly #resolve: (response: RawResponse) => void;
  readonly #reject: (error: Error) => void;
  readonly #timer: NodeJS.Timeout;
  readonly #removeListener: () => void;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #head: Omit<RawResponse, "bytes"> | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #stoppedBy: Error | undefined;
  #isOver = false;

  constructor(
    limits: ExchangeLimits,
    signal: AbortSignal,
    resolve: (response: RawResponse) => void,
    reject: (error: Error) => void,
  ) {
    this.#limits = limits;
    this.#resolve = resolve;
    this.#reject = reject;
    const { timeoutMs } = limits;
    const timeOut = () => this.#stop(new CallTimeoutError(`no response within ${timeoutMs} ms`));
    // Timers run before sockets are read: a response that arrived while this process was busy is read first.
    this.#timer = setTimeout(() => setImmediate(timeOut), timeoutMs);
    this.#removeListener = onAbort(signal, () => this.#stop(signal.reason));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#stoppedBy !== undefined) controller.abort(this.#stoppedBy);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: ResponseHeaders): void {
    // A 1xx response is interim.
    if (status >= 200) this.#head = { status, headers };
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#isOver) return;
    this.#bytes += chunk.length;
    if (this.#bytes > this.#limits.maxBodyBytes) this.#stop(bodyTooLarge(this.#limits.maxBodyBytes));
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.#isOver || this.#head === undefined) return;
    this.#end();
    const [first, ...others] = this.#chunks;
    const bytes = first !== undefined && others.length === 0 ? first : Buffer.concat(this.#chunks);
    this.#resolve({ ...this.#head, bytes });
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    if (this.#isOver) return;
    this.#end();
    this.#reject(new ConnectionError(error, this.#head !== undefined));
  }

  #stop(reason: Error): void {
    if (this.#isOver) return;
    this.#stoppedBy = reason;
    this.#end();
    this.#reject(reason);
    this.#controller?.abort(reason);
  }

  #end(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#removeListener();
  }
}
