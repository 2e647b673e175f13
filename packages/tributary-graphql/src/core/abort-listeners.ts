const listenersOf = new WeakMap<AbortSignal, AbortListeners>();

/**
 * Calls `listener` once, when the signal is aborted, as `addEventListener("abort", …)` does: never for a signal that is
 * aborted already. Every listener that the engine adds for a call of a request goes this way, because a signal compares
 * each new listener with all that it has: 10,000 concurrent calls with one signal would cost 50 million comparisons. Here
 * a signal has one listener, and to add and to remove takes the same time however many there are.
 *
 * @param listener must not throw
 * @returns removes the listener; does nothing when it was called or removed before
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  if (signal.aborted) return ignore;
  let listeners = listenersOf.get(signal);
  if (listeners === undefined) {
    listeners = new AbortListeners(signal);
    listenersOf.set(signal, listeners);
  }
  return listeners.add(listener);
}

/**
 * Runs `work` with a signal of its own, which is aborted when `signal` is, and with the same reason: for a library that
 * adds listeners itself.
 *
 * @throws what `work` throws
 */
export async function withOwnSignal<Result>(
  signal: AbortSignal,
  work: (own: AbortSignal) => Promise<Result>,
): Promise<Result> {
  if (signal.aborted) return work(signal);
  const controller = new AbortController();
  const remove = onAbort(signal, () => controller.abort(signal.reason));
  try {
    return await work(controller.signal);
  } finally {
    remove();
  }
}

const ignore = (): void => undefined;

/** The listeners of one signal. It is listened to only while there are any: Node keeps some signals alive for that. */
class AbortListeners {
  readonly #signal: AbortSignal;
  readonly #all = new Set<{ readonly listener: () => void }>();
  readonly #onAbort = (): void => {
    for (const { listener } of this.#all) listener();
    this.#all.clear();
  };

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  add(listener: () => void): () => void {
    // Each addition is an entry of its own, also of a function that was added before.
    const entry = { listener };
    if (this.#all.size === 0) this.#signal.addEventListener("abort", this.#onAbort, { once: true });
    this.#all.add(entry);
    return () => this.#remove(entry);
  }

  #remove(entry: { readonly listener: () => void }): void {
    if (this.#all.delete(entry) && this.#all.size === 0) this.#signal.removeEventListener("abort", this.#onAbort);
  }
}
