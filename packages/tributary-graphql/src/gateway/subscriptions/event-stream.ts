import type { ExecutionResult } from "graphql";
import { unexpectedError } from "../execution/execution-errors.ts";
import type { GraphQLRequest } from "../request/graphql-request.ts";
import { publishResult } from "./publish-result.ts";

export interface EventStreamOptions {
  readonly request: GraphQLRequest;
  /** The result of the field's `subscribe`. */
  readonly source: AsyncIterable<unknown>;
  /** Gives the result of one event, errors masked; does not throw. */
  execute(event: unknown): Promise<ExecutionResult>;
  /** As `Lifecycle.onDrain`: calls when the gateway shuts down. */
  onDrain(listener: () => void): () => void;
}

const done = { done: true, value: undefined } as const;

/**
 * The results of a subscription, one event after the other: the next event is taken from the source when its result is
 * asked for, so that a slow client holds the source back. Ask for one result at a time.
 *
 * - The client leaves (`return`, or the request's signal): the source is returned at once, also while it is waited for, and
 *   the event that is being executed stops.
 * - `complete`, when the gateway shuts down: the source is returned at once, an event that is being executed is still
 *   delivered.
 * - The source fails: a last result has the error, masked.
 *
 * Ends the request; a request that ends otherwise returns the source too.
 */
export class EventStream implements AsyncGenerator<ExecutionResult, void, void> {
  readonly #options: EventStreamOptions;
  readonly #iterator: AsyncIterator<unknown>;
  readonly #onGone = (): void => this.#leave();
  #waiting: ((result: IteratorResult<ExecutionResult, void>) => void) | undefined;
  #forgetDrain: (() => void) | undefined;
  #isExecuting = false;
  #isLast = false;
  #isOver = false;
  #isReturned = false;

  constructor(options: EventStreamOptions) {
    this.#options = options;
    this.#iterator = options.source[Symbol.asyncIterator]();
    const { executionSignal } = options.request.lifetime;
    executionSignal.addEventListener("abort", this.#onGone, { once: true });
    this.#forgetDrain = options.onDrain(() => this.complete());
    if (executionSignal.aborted) this.#leave();
    options.request.lifetime.hold({ release: () => this.#leave() });
  }

  next(): Promise<IteratorResult<ExecutionResult, void>> {
    if (this.#isLast) this.#finish();
    if (this.#isOver) return Promise.resolve(done);
    const { promise, resolve } = Promise.withResolvers<IteratorResult<ExecutionResult, void>>();
    this.#waiting = resolve;
    void this.#pull();
    return promise;
  }

  /** The client wants no more. */
  return(): Promise<IteratorResult<ExecutionResult, void>> {
    this.#leave();
    return Promise.resolve(done);
  }

  throw(error: unknown): Promise<IteratorResult<ExecutionResult, void>> {
    this.#leave();
    return Promise.reject(error);
  }

  /** Ends the stream from the server's side: there is no further event, and the client is notified. */
  complete(): void {
    this.#isLast = true;
    this.#returnSource();
    if (!this.#isExecuting) this.#finish();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#leave();
  }

  async #pull(): Promise<void> {
    try {
      const { done: isDone, value } = await this.#iterator.next();
      if (isDone) return this.#finish();
      if (this.#isOver) return;
      this.#isExecuting = true;
      this.#deliver(await this.#options.execute(value));
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (this.#isOver) return;
    this.#isLast = true;
    this.#returnSource();
    this.#deliver(publishResult({ errors: [unexpectedError(error)] }, this.#options.request));
  }

  #deliver(value: ExecutionResult): void {
    this.#isExecuting = false;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.({ done: false, value });
  }

  #leave(): void {
    if (this.#isOver) return;
    this.#options.request.lifetime.leave();
    this.#returnSource();
    this.#finish();
  }

  /** Not awaited: a source may not return while it is busy. */
  #returnSource(): void {
    if (this.#isReturned) return;
    this.#isReturned = true;
    const ignore = (): void => undefined;
    try {
      void this.#iterator.return?.().then(undefined, ignore);
    } catch {
      // The client has left: there is no one to report it to.
    }
  }

  #finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { request } = this.#options;
    request.lifetime.executionSignal.removeEventListener("abort", this.#onGone);
    this.#forgetDrain?.();
    request.end(200);
    this.#waiting?.(done);
    this.#waiting = undefined;
  }
}
