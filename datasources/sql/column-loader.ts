import DataLoader from "dataloader";

/** The columns of a read; undefined for all. */
export type Columns = readonly string[] | undefined;

/** As many values as keys, in their order; an `Error` where one failed. */
export type ColumnBatch<Key, Value> = (keys: readonly Key[], columns: Columns) => Promise<readonly (Value | Error)[]>;

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
  readonly #loader: DataLoader<Item<Key, Value>, Value>;

  constructor(batch: ColumnBatch<Key, Value>, identify: (key: Key) => string) {
    this.#batch = batch;
    this.#identify = identify;
    this.#loader = new DataLoader((items) => this.#send(items), { cache: false });
  }

  load(key: Key, columns: Columns): Promise<Value> {
    const identity = this.#identify(key);
    const wanted = columns && new Set(columns);
    const known = this.#items.get(identity);
    if (known?.promise !== undefined) {
      if (covers(known.columns, wanted)) return known.promise;
      if (!known.isSent) {
        known.columns = union(known.columns, wanted);
        return known.promise;
      }
    }
    return this.#ask({ identity, key, columns: known ? union(known.columns, wanted) : wanted, isSent: false });
  }

  /** What was read, and what is being read, is given to no later load. */
  clear(): void {
    this.#items.clear();
  }

  #ask(item: Item<Key, Value>): Promise<Value> {
    item.promise = this.#loader.load(item);
    this.#items.set(item.identity, item);
    // A failure is not remembered: who asks again gets another try.
    item.promise.catch(() => {
      if (this.#items.get(item.identity) === item) this.#items.delete(item.identity);
    });
    return item.promise;
  }

  /** After a `clear` a key can stand in a batch twice. */
  async #send(items: readonly Item<Key, Value>[]): Promise<(Value | Error)[]> {
    const columns = items.map((item) => item.columns).reduce(union);
    const keys = new Map<string, Key>();
    for (const item of items) {
      item.isSent = true;
      item.columns = columns;
      keys.set(item.identity, item.key);
    }
    const values = await this.#batch([...keys.values()], columns && [...columns]);
    const byIdentity = new Map([...keys.keys()].map((identity, index) => [identity, values[index]]));
    return items.map(({ identity }) => byIdentity.get(identity) as Value | Error);
  }
}

type ColumnSet = ReadonlySet<string> | undefined;

const union = (one: ColumnSet, other: ColumnSet): ColumnSet => (one && other ? one.union(other) : undefined);

const covers = (columns: ColumnSet, wanted: ColumnSet): boolean =>
  columns === undefined || (wanted?.isSubsetOf(columns) ?? false);
