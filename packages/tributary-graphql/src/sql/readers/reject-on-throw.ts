/**
 * Returns the promise of `make`, or a rejected one if `make` throws. Unlike an `async` function it creates no new promise:
 * all loads of a key get the same one.
 */
export function rejectOnThrow<Value>(make: () => Promise<Value>): Promise<Value> {
  try {
    return make();
  } catch (error) {
    return Promise.reject(error);
  }
}
