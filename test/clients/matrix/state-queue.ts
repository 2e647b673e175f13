/** Turns a client's callbacks into states to iterate over; each is kept until it is asked for. */
export class StateQueue<State> implements AsyncIterable<State> {
  readonly #arrived: State[] = [];
  #wake = Promise.withResolvers<void>();
  #ended = false;
  #failure: { readonly cause: unknown } | undefined;

  push(state: State): void {
    this.#arrived.push(state);
    this.#wake.resolve();
  }

  end(): void {
    this.#ended = true;
    this.#wake.resolve();
  }

  fail(cause: unknown): void {
    this.#failure ??= { cause };
    this.end();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<State, void> {
    for (;;) {
      yield* this.#arrived.splice(0);
      if (this.#arrived.length > 0) continue;
      if (this.#failure) throw this.#failure.cause;
      if (this.#ended) return;
      await this.#wake.promise;
      this.#wake = Promise.withResolvers();
    }
  }
}
