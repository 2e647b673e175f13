import { onTestFinished } from "vitest";

/** Results in the order in which a client hands them out, each to be awaited. */
export interface Results<Value> {
  /** The next result, as soon as there is one. */
  next(): Promise<Value>;
  /** Takes what a client hands out. */
  readonly take: (value: Value) => void;
}

/** Remembers results until the test asks for them, so that none is missed between two questions. */
export function collectResults<Value>(): Results<Value> {
  const arrived: Value[] = [];
  const waiting: ((value: Value) => void)[] = [];
  return {
    take: (value) => {
      const asker = waiting.shift();
      if (asker) asker(value);
      else arrived.push(value);
    },
    next: () =>
      new Promise((resolve) => {
        const value = arrived.shift();
        if (value === undefined) waiting.push(resolve);
        else resolve(value);
      }),
  };
}

/** The results of a subscription, which ends with the test. */
export function resultsOf<Value>(
  subscribe: (take: (value: Value) => void) => { unsubscribe(): void },
): Results<Value>["next"] {
  const results = collectResults<Value>();
  const subscription = subscribe(results.take);
  onTestFinished(() => subscription.unsubscribe());
  return results.next;
}
