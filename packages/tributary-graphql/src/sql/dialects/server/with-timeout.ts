/**
 * Waits for a promise, but not longer than `timeoutMs`. Without an answer by then, it calls `onTimeout` and rejects with
 * the error that this gives; what becomes of the promise later is ignored.
 */
export async function within<Value>(
  promise: Promise<Value>,
  timeoutMs: number,
  onTimeout: () => Error,
): Promise<Value> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(onTimeout()), timeoutMs);
  promise.catch(() => {});
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Whether the promise settled within the time, in whichever way. */
export const settlesWithin = (promise: Promise<unknown>, timeoutMs: number): Promise<boolean> =>
  within(
    promise.then(
      () => true,
      () => true,
    ),
    timeoutMs,
    () => new Error("late"),
  ).catch(() => false);
