/** Where the signal that may abort an execution comes from. */
export interface SignalSource {
  /** There from the beginning. */
  readonly external: AbortSignal | undefined;
  /** Gives one when it is first needed: most executions are over before they need one. */
  readonly late: (() => AbortSignal) | undefined;
}

/** The signal that may abort an execution, and the one that its resolvers may ask for. Both are there on demand. */
export class AbortSignals {
  readonly #source: SignalSource;
  readonly #onAbort: () => void;
  #signal: AbortSignal | undefined;
  #isListening = false;
  #resolvers: AbortController | undefined;
  #hasEnded = false;

  /** @param onAbort called once, when the signal is aborted while it is listened to */
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

  /** To be called when something is waited for. */
  listen(): void {
    this.#signal ??= this.#source.late?.();
    if (this.#signal === undefined || this.#isListening) return;
    this.#isListening = true;
    this.#signal.addEventListener("abort", this.#onAbort);
  }

  /** The one that resolvers are told of: aborted with the other one, and when the execution is over. */
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

  /** Tells the resolvers that the execution was aborted. */
  tellResolvers(): void {
    this.#resolvers?.abort(this.reason);
  }

  /** The execution is over. */
  end(): void {
    this.#hasEnded = true;
    if (this.#isListening) this.#signal?.removeEventListener("abort", this.#onAbort);
    this.#resolvers?.abort();
  }
}
