const listenersOf = new WeakMap<AbortSignal, AbortListeners>();

/**
 * Like `addEventListener("abort", listener, { once: true })`, in constant time. An `EventTarget` compares each new listener
 * with all others: 10,000 concurrent calls with one signal would cost 50 million comparisons. Here a signal has one
 * listener, which calls all others. For a signal that is already aborted, `listener` is never called.
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
 * Runs `work` with a separate signal that aborts with `signal` and the same reason. For libraries that add abort listeners
 * themselves.
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

/** The listeners of one signal. The signal has a listener only while there are any, because Node keeps such signals alive. */
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
    // A function that is added twice is called twice.
    const entry = { listener };
    if (this.#all.size === 0) this.#signal.addEventListener("abort", this.#onAbort, { once: true });
    this.#all.add(entry);
    return () => this.#remove(entry);
  }

  #remove(entry: { readonly listener: () => void }): void {
    if (this.#all.delete(entry) && this.#all.size === 0) this.#signal.removeEventListener("abort", this.#onAbort);
  }
}
