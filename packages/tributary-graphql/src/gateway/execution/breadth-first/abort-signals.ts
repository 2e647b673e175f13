/** The source of the signal that may abort an execution. */
export interface SignalSource {
  /** Given at the start. */
  readonly external: AbortSignal | undefined;
  /** Makes the signal when it is first needed: most executions end before. */
  readonly late: (() => AbortSignal) | undefined;
}

/** The signal that may abort an execution, and the one for its resolvers. Both are made on demand. */
export class AbortSignals {
  readonly #source: SignalSource;
  readonly #onAbort: () => void;
  #signal: AbortSignal | undefined;
  #isListening = false;
  #resolvers: AbortController | undefined;
  #hasEnded = false;

  /** @param onAbort called once, when the signal is aborted after `listen` */
  constructor(source: SignalSource, onAbort: () => void) {
    this.#source = source;
    this.#onAbort = onAbort;
    this.#signal = source.external;
  }

  get isAborted(): boolean {
    return this.#signal?.aborted ?? false;
  }

  get reason(): unknown {
    return this.#signal?.reason;
  }

  /** To be called when a value is pending. */
  listen(): void {
    this.#signal ??= this.#source.late?.();
    if (this.#signal === undefined || this.#isListening) return;
    this.#isListening = true;
    this.#signal.addEventListener("abort", this.#onAbort);
  }

  /** The signal for resolvers: aborted with the execution, and when it is over. */
  forResolvers(): AbortSignal {
    if (this.#resolvers === undefined) {
      this.#resolvers = new AbortController();
      if (this.#hasEnded) {
        this.#resolvers.abort();
      } else {
        this.listen();
        if (this.isAborted) this.#resolvers.abort(this.reason);
      }
    }
    return this.#resolvers.signal;
  }

  /** Aborts the signal for resolvers, with the reason of the execution. */
  abortResolvers(): void {
    this.#resolvers?.abort(this.reason);
  }

  /** The execution is over. */
  end(): void {
    this.#hasEnded = true;
    if (this.#isListening) this.#signal?.removeEventListener("abort", this.#onAbort);
    this.#resolvers?.abort();
  }
}
