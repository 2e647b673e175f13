import type { Dispatcher } from "undici";
import { onAbort } from "../core/abort-listeners.ts";
import { bodyTooLarge } from "./body.ts";
import type { AnswerHeaders } from "./upstream-read.ts";

/** A response as it came, its body not yet decoded. */
export interface RawResponse {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly bytes: Buffer;
}

export interface ExchangeLimits {
  /** From the call to the last byte of its response. */
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
}

/** The service did not respond in its own time. */
export class CallTimeoutError extends Error {
  override readonly name = "CallTimeoutError";
}

/** The connection failed; whether the response had begun then. */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
  readonly hasBegun: boolean;

  constructor(cause: Error, hasBegun: boolean) {
    super(cause.message, { cause });
    this.hasBegun = hasBegun;
  }
}

/**
 * One request and its response, ended by its time limit, its size limit and its signal. undici tells a queued or
 * connecting request of an abort only when it gets its socket, so the end is reported from here, at once; what comes
 * from the network later is ignored.
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
    const giveUp = () => this.#stop(new CallTimeoutError(`no response within ${timeoutMs} ms`));
    // A response that came while this process was busy is read before it is given up: timers come before sockets.
    this.#timer = setTimeout(() => setImmediate(giveUp), timeoutMs);
    this.#removeListener = onAbort(signal, () => this.#stop(signal.reason));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#stoppedBy !== undefined) controller.abort(this.#stoppedBy);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: AnswerHeaders): void {
    // 1xx is not yet the response.
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
