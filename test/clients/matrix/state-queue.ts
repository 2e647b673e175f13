/** An async iterable of the states that a client's callbacks push. */
export class StateQueue<State> implements AsyncIterable<State> {
  readonly #states: State[] = [];
  #wake = Promise.withResolvers<void>();
  #ended = false;
  #failure: { readonly cause: unknown } | undefined;

  push(state: State): void {
    this.#states.push(state);
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
      yield* this.#states.splice(0);
      if (this.#states.length > 0) continue;
      if (this.#failure) throw this.#failure.cause;
      if (this.#ended) return;
      await this.#wake.promise;
      this.#wake = Promise.withResolvers();
    }
  }
}
