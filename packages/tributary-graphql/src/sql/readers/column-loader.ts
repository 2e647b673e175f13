import DataLoader from "dataloader";

/** The columns of a read; undefined for all. */
export type Columns = readonly string[] | undefined;

/** As many values as keys, in their order; an `Error` where one failed. */
export type ColumnBatch<Key, Value> = (keys: readonly Key[], columns: Columns) => Promise<readonly (Value | Error)[]>;

/** Calls back when a batch is to be sent. */
export type ScheduleBatch = (dispatch: () => void) => void;

/** One key of a batch. Until the batch is sent, the columns grow with what is asked for; then they are those of the batch. */
interface Item<Key, Value> {
  readonly identity: string;
  readonly key: Key;
  columns: ReadonlySet<string> | undefined;
  isSent: boolean;
  promise?: Promise<Value>;
}

/**
 * A loader of rows in part: what is asked for at one moment is one batch, which reads all columns that one of them needs.
 * A key that was read, or is being read, with the columns that are asked for is not read again; with too few it is, and
 * then with both.
 */
export class ColumnLoader<Key, Value> {
  readonly #batch: ColumnBatch<Key, Value>;
  readonly #identify: (key: Key) => string;
  readonly #items = new Map<string, Item<Key, Value>>();
  readonly #columnSets = new Map<string, ReadonlySet<string>>();
  readonly #loader: DataLoader<Item<Key, Value>, Value>;

  /** @param batchScheduleFn see `RequestScope`; default: DataLoader's own */
  constructor(batch: ColumnBatch<Key, Value>, identify: (key: Key) => string, batchScheduleFn?: ScheduleBatch) {
    this.#batch = batch;
    this.#identify = identify;
    this.#loader = new DataLoader((items) => this.#send(items), { cache: false, batchScheduleFn });
  }

  load(key: Key, columns: Columns): Promise<Value> {
    const identity = this.#identify(key);
    const wanted = columns && this.#setOf(columns);
    const known = this.#items.get(identity);
    if (known?.promise !== undefined) {
      if (covers(known.columns, wanted)) return known.promise;
      if (!known.isSent) {
        known.columns = union(known.columns, wanted);
        return known.promise;
      }
    }
    const item: Item<Key, Value> = {
      identity,
      key,
      columns: known ? union(known.columns, wanted) : wanted,
      isSent: false,
    };
    item.promise = this.#loader.load(item);
    this.#items.set(identity, item);
    return item.promise;
  }

  /** Forgets cached and pending values: later loads read again. */
  clear(): void {
    this.#items.clear();
  }

  async #send(items: readonly Item<Key, Value>[]): Promise<(Value | Error)[]> {
    let columns = items[0]?.columns;
    // After a `clear` a key can stand in a batch twice.
    const indexes = new Map<string, number>();
    const keys: Key[] = [];
    for (const item of items) {
      columns = union(columns, item.columns);
      item.isSent = true;
      if (indexes.has(item.identity)) continue;
      indexes.set(item.identity, keys.length);
      keys.push(item.key);
    }
    for (const item of items) item.columns = columns;
    try {
      const values = await this.#batch(keys, columns && [...columns]);
      return items.map((item) => {
        const value = values[indexes.get(item.identity) ?? 0] as Value | Error;
        if (value instanceof Error) this.#forget(item);
        return value;
      });
    } catch (error) {
      for (const item of items) this.#forget(item);
      throw error;
    }
  }

  /** A failure is not remembered: who asks again gets another try. */
  #forget(item: Item<Key, Value>): void {
    if (this.#items.get(item.identity) === item) this.#items.delete(item.identity);
  }

  /** The same object for the same columns, for thousands of loads name them. */
  #setOf(columns: readonly string[]): ReadonlySet<string> {
    const name = columns.join("\n");
    const known = this.#columnSets.get(name);
    if (known !== undefined) return known;
    const set = new Set(columns);
    this.#columnSets.set(name, set);
    return set;
  }
}

type ColumnSet = ReadonlySet<string> | undefined;

const union = (one: ColumnSet, other: ColumnSet): ColumnSet => {
  if (one === other) return one;
  return one && other ? one.union(other) : undefined;
};

const covers = (columns: ColumnSet, wanted: ColumnSet): boolean =>
  columns === undefined || columns === wanted || (wanted?.isSubsetOf(columns) ?? false);
