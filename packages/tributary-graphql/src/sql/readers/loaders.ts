import DataLoader from "dataloader";
import { type ColumnBatch, ColumnLoader, type ScheduleBatch } from "./column-loader.ts";

/** The tables that a loader holds rows of; undefined when that is not known, and every write may have changed them. */
export type TablesRead = ReadonlySet<string> | undefined;

/** Every loader of one request, so that those that hold what a write has changed can be cleared. */
export class Loaders {
  readonly #known: { readonly tables: TablesRead; clear(): void }[] = [];
  readonly #scheduleBatch: ScheduleBatch | undefined;

  /** @param scheduleBatch see `RequestScope`; default: DataLoader's own */
  constructor(scheduleBatch?: ScheduleBatch) {
    this.#scheduleBatch = scheduleBatch;
  }

  /** A loader of rows by key. */
  ofColumns<Key, Value>(
    tables: TablesRead,
    batch: ColumnBatch<Key, Value>,
    identify: (key: Key) => string,
  ): ColumnLoader<Key, Value> {
    const loader = new ColumnLoader(batch, identify, this.#scheduleBatch);
    this.#known.push({ tables, clear: () => loader.clear() });
    return loader;
  }

  /** A plain DataLoader. */
  plain<Key, Value, CacheKey>(
    tables: TablesRead,
    batch: DataLoader.BatchLoadFn<Key, Value>,
    options?: DataLoader.Options<Key, Value, CacheKey>,
  ): DataLoader<Key, Value, CacheKey> {
    const loader = new DataLoader(batch, { batchScheduleFn: this.#scheduleBatch, ...options });
    this.#known.push({ tables, clear: () => loader.clearAll() });
    return loader;
  }

  /** Forgets what was read of these tables; for undefined everything. */
  clear(tables: TablesRead): void {
    for (const loader of this.#known) {
      if (tables === undefined || loader.tables === undefined || !tables.isDisjointFrom(loader.tables)) loader.clear();
    }
  }
}
