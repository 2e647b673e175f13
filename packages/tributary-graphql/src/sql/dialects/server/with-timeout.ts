/**
 * Awaits a promise for at most `timeoutMs`. On timeout it rejects with the error from `onTimeout` and ignores the
 * promise's later result.
 */
export async function withTimeout<Value>(
  promise: Promise<Value>,
  timeoutMs: number,
  onTimeout: () => Error,
): Promise<Value> {
  const timeout = Promise.withResolvers<never>();
  const timer = setTimeout(() => timeout.reject(onTimeout()), timeoutMs);
  promise.catch(() => {});
  try {
    return await Promise.race([promise, timeout.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Whether the promise is fulfilled or rejected within the time. */
export const settlesInTime = (promise: Promise<unknown>, timeoutMs: number): Promise<boolean> =>
  withTimeout(
    promise.then(
      () => true,
      () => true,
    ),
    timeoutMs,
    () => new Error("late"),
  ).catch(() => false);
