/**
 * The promise that `make` gives; a rejected one for what it throws. Where an `async` function would make a promise for each
 * call, this hands on the one that a loader gives to all who ask for a key, so that it is waited for once.
 */
export function rejecting<Value>(make: () => Promise<Value>): Promise<Value> {
  try {
    return make();
  } catch (error) {
    return Promise.reject(error);
  }
}
