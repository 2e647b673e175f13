import DataLoader from "dataloader";

/** The columns of a read; undefined for all. */
export type Columns = readonly string[] | undefined;

/** Returns one value per key in the same order; an `Error` for a key that failed. */
export type ColumnBatch<Key, Value> = (keys: readonly Key[], columns: Columns) => Promise<readonly (Value | Error)[]>;

/** Calls `dispatch` when the batch is to be sent. */
export type ScheduleBatch = (dispatch: () => void) => void;

/** One key of a batch. Its columns grow with further loads until the batch is sent; then they are those of the batch. */
interface Item<Key, Value> {
  readonly cacheKey: string;
  readonly key: Key;
  columns: ReadonlySet<string> | undefined;
  isSent: boolean;
  promise?: Promise<Value>;
}

/**
 * A DataLoader for a subset of columns. A batch reads the union of the columns of its loads. A key that is cached or
 * pending with all requested columns is not read again. If a column is missing, it is read again with the union of both.
 */
export class ColumnLoader<Key, Value> {
  readonly #batch: ColumnBatch<Key, Value>;
  readonly #cacheKeyFn: (key: Key) => string;
  readonly #items = new Map<string, Item<Key, Value>>();
  readonly #columnSets = new Map<string, ReadonlySet<string>>();
  readonly #loader: DataLoader<Item<Key, Value>, Value>;

  /** @param batchScheduleFn see `RequestScope.scheduleBatch`; default: DataLoader's own */
  constructor(batch: ColumnBatch<Key, Value>, cacheKeyFn: (key: Key) => string, batchScheduleFn?: ScheduleBatch) {
    this.#batch = batch;
    this.#cacheKeyFn = cacheKeyFn;
    this.#loader = new DataLoader((items) => this.#send(items), { cache: false, batchScheduleFn });
  }

  load(key: Key, columns: Columns): Promise<Value> {
    const cacheKey = this.#cacheKeyFn(key);
    const requested = columns && this.#setOf(columns);
    const cached = this.#items.get(cacheKey);
    if (cached?.promise !== undefined) {
      if (covers(cached.columns, requested)) return cached.promise;
      if (!cached.isSent) {
        cached.columns = union(cached.columns, requested);
        return cached.promise;
      }
    }
    const item: Item<Key, Value> = {
      cacheKey,
      key,
      columns: cached ? union(cached.columns, requested) : requested,
      isSent: false,
    };
    item.promise = this.#loader.load(item);
    this.#items.set(cacheKey, item);
    return item.promise;
  }

  /** Clears cached and pending values: later loads read again. */
  clear(): void {
    this.#items.clear();
  }

  async #send(items: readonly Item<Key, Value>[]): Promise<(Value | Error)[]> {
    let columns = items[0]?.columns;
    // After a `clear` a batch can have the same key twice.
    const indexes = new Map<string, number>();
    const keys: Key[] = [];
    for (const item of items) {
      columns = union(columns, item.columns);
      item.isSent = true;
      if (indexes.has(item.cacheKey)) continue;
      indexes.set(item.cacheKey, keys.length);
      keys.push(item.key);
    }
    for (const item of items) item.columns = columns;
    try {
      const values = await this.#batch(keys, columns && [...columns]);
      return items.map((item) => {
        const value = values[indexes.get(item.cacheKey) ?? 0] as Value | Error;
        if (value instanceof Error) this.#evict(item);
        return value;
      });
    } catch (error) {
      for (const item of items) this.#evict(item);
      throw error;
    }
  }

  /** Errors are not cached: the next load reads again. */
  #evict(item: Item<Key, Value>): void {
    if (this.#items.get(item.cacheKey) === item) this.#items.delete(item.cacheKey);
  }

  /** Memoized: thousands of loads have the same columns. */
  #setOf(columns: readonly string[]): ReadonlySet<string> {
    const name = columns.join("\n");
    const cached = this.#columnSets.get(name);
    if (cached !== undefined) return cached;
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

const covers = (columns: ColumnSet, requested: ColumnSet): boolean =>
  columns === undefined || columns === requested || (requested?.isSubsetOf(columns) ?? false);
