import DataLoader from "dataloader";
import { type ColumnBatch, ColumnLoader, type ScheduleBatch } from "./column-loader.ts";

/** The tables whose rows a loader caches; undefined when they are unknown, so that every write clears the loader. */
export type TablesRead = ReadonlySet<string> | undefined;

/** The loaders of one request, so that a write can clear those of the tables that it changed. */
export class Loaders {
  readonly #all: { readonly tables: TablesRead; clear(): void }[] = [];
  readonly #scheduleBatch: ScheduleBatch | undefined;

  /** @param scheduleBatch see `RequestScope.scheduleBatch`; default: DataLoader's own */
  constructor(scheduleBatch?: ScheduleBatch) {
    this.#scheduleBatch = scheduleBatch;
  }

  /** Creates a loader of rows by key. */
  ofColumns<Key, Value>(
    tables: TablesRead,
    batch: ColumnBatch<Key, Value>,
    cacheKeyFn: (key: Key) => string,
  ): ColumnLoader<Key, Value> {
    const loader = new ColumnLoader(batch, cacheKeyFn, this.#scheduleBatch);
    this.#all.push({ tables, clear: () => loader.clear() });
    return loader;
  }

  /** Creates a plain DataLoader. */
  plain<Key, Value, CacheKey>(
    tables: TablesRead,
    batch: DataLoader.BatchLoadFn<Key, Value>,
    options?: DataLoader.Options<Key, Value, CacheKey>,
  ): DataLoader<Key, Value, CacheKey> {
    const loader = new DataLoader(batch, { batchScheduleFn: this.#scheduleBatch, ...options });
    this.#all.push({ tables, clear: () => loader.clearAll() });
    return loader;
  }

  /** Clears the loaders of these tables; for undefined, all loaders. */
  clear(tables: TablesRead): void {
    for (const loader of this.#all) {
      if (tables === undefined || loader.tables === undefined || !tables.isDisjointFrom(loader.tables)) loader.clear();
    }
  }
}
