import type { Recorder } from "./recorder.ts";

/** Iterables of list fields. Each records the items that are read. */
export interface Contents {
  readonly id: string;
  readonly length: number;
  /** Makes the item; called once for each, when it is asked for. */
  item(index: number): unknown;
  /** Thrown after the last item; undefined for an ordinary end. */
  readonly failure: { readonly error: unknown } | undefined;
  readonly recorder: Recorder;
}

export const syncContainers = {
  array: (contents: Contents): unknown => toArray(contents),
  sameArray: (contents: Contents): unknown => Object.freeze(toArray(contents)),
  set: (contents: Contents): unknown => new Set(toArray(contents)),
  sparse: (contents: Contents): unknown => Object.assign(new Array(contents.length + 1), toArray(contents)),
  generator: generate,
  iterable: (contents: Contents): unknown => ({ [Symbol.iterator]: () => iterate(contents, (step) => step()) }),
} as const;

export const asyncContainers = {
  asyncGenerator: generateAsync,
  asyncIterable: (contents: Contents): unknown => ({
    [Symbol.asyncIterator]: () => {
      contents.recorder.use(`open ${contents.id}`);
      return iterate(contents, async (step) => step());
    },
  }),
  /** Its `next` throws instead of rejecting. */
  throwing: (contents: Contents): unknown => ({
    [Symbol.asyncIterator]: () => iterate(contents, (step) => Promise.resolve(step())),
  }),
} as const;

function toArray({ length, item, failure }: Contents): unknown[] {
  if (failure) throw failure.error;
  return Array.from({ length }, (_, index) => item(index));
}

function* generate({ id, length, item, failure, recorder }: Contents): Generator<unknown> {
  for (let index = 0; index < length; index++) {
    recorder.use(`item ${id}`);
    yield item(index);
  }
  recorder.use(`end ${id}`);
  if (failure) throw failure.error;
}

async function* generateAsync({ id, length, item, failure, recorder }: Contents): AsyncGenerator<unknown> {
  for (let index = 0; index < length; index++) {
    recorder.use(`item ${id}`);
    const made = item(index);
    // A generator waits for promises that it yields, and fails with theirs.
    yield made;
  }
  recorder.use(`end ${id}`);
  if (failure) throw failure.error;
}

type Step = () => IteratorResult<unknown>;

function iterate<Result>({ id, length, item, failure, recorder }: Contents, answer: (step: Step) => Result) {
  let index = 0;
  return {
    next: (): Result =>
      answer(() => {
        if (index < length) {
          recorder.use(`item ${id}`);
          return { done: false, value: item(index++) };
        }
        recorder.use(`end ${id}`);
        if (failure && index++ === length) throw failure.error;
        return { done: true, value: undefined };
      }),
    return: (): Result => {
      recorder.use(`return ${id}`);
      index = length + 1;
      return answer(() => ({ done: true, value: undefined }));
    },
  };
}
