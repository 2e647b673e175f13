import { onTestFinished } from "vitest";

/** A queue of a client's results. */
export interface Results<Value> {
  /** Resolves with the next result. */
  next(): Promise<Value>;
  /** Adds a result. */
  readonly take: (value: Value) => void;
}

/** Queues results until the test reads them. */
export function collectResults<Value>(): Results<Value> {
  const values: Value[] = [];
  const pending: ((value: Value) => void)[] = [];
  return {
    take: (value) => {
      const resolve = pending.shift();
      if (resolve) resolve(value);
      else values.push(value);
    },
    next: () =>
      new Promise((resolve) => {
        const value = values.shift();
        if (value === undefined) pending.push(resolve);
        else resolve(value);
      }),
  };
}

/** The results of a subscription, which is unsubscribed at the end of the test. */
export function resultsOf<Value>(
  subscribe: (take: (value: Value) => void) => { unsubscribe(): void },
): Results<Value>["next"] {
  const results = collectResults<Value>();
  const subscription = subscribe(results.take);
  onTestFinished(() => subscription.unsubscribe());
  return results.next;
}
