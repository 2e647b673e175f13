type Waiting = (result: IteratorResult<unknown, void>) => void;

const done = { done: true, value: undefined } as const;

/** A source of events that the test feeds, and that tells when it is asked and when it is returned. */
export class FedSource implements AsyncGenerator<unknown, void, void> {
  readonly #events: unknown[] = [];
  readonly #returned = Promise.withResolvers<void>();
  #waiting: { readonly resolve: Waiting; readonly reject: (error: unknown) => void } | undefined;
  #asked = Promise.withResolvers<void>();
  #isOver = false;
  /** How many events were taken. */
  taken = 0;

  /** Fulfils when the source has been returned. */
  get returned(): Promise<void> {
    return this.#returned.promise;
  }

  /** Fulfils when an event is waited for. */
  asked(): Promise<void> {
    return this.#waiting ? Promise.resolve() : this.#asked.promise;
  }

  push(...events: unknown[]): void {
    this.#events.push(...events);
    this.#settle();
  }

  end(): void {
    this.#isOver = true;
    this.#settle();
  }

  fail(error: unknown): void {
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }

  next(): Promise<IteratorResult<unknown, void>> {
    const { promise, resolve, reject } = Promise.withResolvers<IteratorResult<unknown, void>>();
    this.#waiting = { resolve, reject };
    this.#settle();
    if (this.#waiting) {
      this.#asked.resolve();
      this.#asked = Promise.withResolvers();
    }
    return promise;
  }

  /** Leaves whoever waits waiting, as a source may that is in the middle of something. */
  return(): Promise<IteratorResult<unknown, void>> {
    this.#returned.resolve();
    return Promise.resolve(done);
  }

  throw(error: unknown): Promise<IteratorResult<unknown, void>> {
    return Promise.reject(error);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #settle(): void {
    if (!this.#waiting || (this.#events.length === 0 && !this.#isOver)) return;
    const { resolve } = this.#waiting;
    this.#waiting = undefined;
    if (this.#events.length > 0) {
      this.taken += 1;
      resolve({ done: false, value: this.#events.shift() });
    } else resolve(done);
  }
}
