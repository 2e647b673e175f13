import type DataLoader from "dataloader";
import type { Transaction } from "kysely";
import type { Database } from "./database.ts";
import { columnTypesOf } from "./dialects/column-types.ts";
import { page, pageByParent, pageThrough } from "./paging/readers.ts";
import { manyByKey, manyThrough, oneByKey } from "./readers/by-key.ts";
import { count, countByParent, existsByParent } from "./readers/counts.ts";
import { Loaders } from "./readers/loaders.ts";
import type { ReaderContext } from "./readers/reader-context.ts";
import type {
  ByParentSource,
  CountByParent,
  CountReader,
  ExistsByParent,
  KeyColumns,
  KeyOf,
  ManyByKey,
  ManyByKeySource,
  ManyThroughSource,
  NoArguments,
  OneByKey,
  OneByKeySource,
  PageByParent,
  PageByParentSource,
  PageReader,
  PageSource,
  PageThroughSource,
  RowOf,
  TableName,
  TableSource,
} from "./readers/source.ts";
import { tableKey } from "./statements/query-tables.ts";
import { type Readable, type ReadScope, read } from "./statements/read.ts";
import { contextWithin, write } from "./writes/write.ts";

/**
 * The reads of one database for one request. A reader batches the loads of one event-loop tick and caches their results
 * for the request.
 *
 * @example
 * const reads = createReads(database, scope);
 * const cityById = reads.oneByKey({ call: "citiesById", table: "city", key: "id" });
 * await cityById.load(2950159, { columns: ["name"] });
 */
export interface Reads<Schema> {
  readonly database: Database<Schema>;
  oneByKey<
    Table extends TableName<Schema>,
    const Key extends KeyColumns<RowOf<Schema, Table>>,
    Arguments = NoArguments,
  >(
    source: OneByKeySource<Schema, Table, Key, Arguments>,
  ): OneByKey<RowOf<Schema, Table>, KeyOf<RowOf<Schema, Table>, Key>, Arguments>;
  manyByKey<
    Table extends TableName<Schema>,
    const Key extends KeyColumns<RowOf<Schema, Table>>,
    Arguments = NoArguments,
  >(
    source: ManyByKeySource<Schema, Table, Key, Arguments>,
  ): ManyByKey<RowOf<Schema, Table>, KeyOf<RowOf<Schema, Table>, Key>, Arguments>;
  manyThrough<
    Table extends TableName<Schema>,
    Join extends TableName<Schema>,
    const Parent extends KeyColumns<RowOf<Schema, Join>>,
    Arguments = NoArguments,
  >(
    source: ManyThroughSource<Schema, Table, Join, Parent, Arguments>,
  ): ManyByKey<RowOf<Schema, Table>, KeyOf<RowOf<Schema, Join>, Parent>, Arguments>;
  countByParent<
    Table extends TableName<Schema>,
    const Parent extends KeyColumns<RowOf<Schema, Table>>,
    Arguments = NoArguments,
  >(
    source: ByParentSource<Schema, Table, Parent, Arguments>,
  ): CountByParent<KeyOf<RowOf<Schema, Table>, Parent>, Arguments>;
  existsByParent<
    Table extends TableName<Schema>,
    const Parent extends KeyColumns<RowOf<Schema, Table>>,
    Arguments = NoArguments,
  >(
    source: ByParentSource<Schema, Table, Parent, Arguments>,
  ): ExistsByParent<KeyOf<RowOf<Schema, Table>, Parent>, Arguments>;
  pageByParent<
    Table extends TableName<Schema>,
    const Parent extends KeyColumns<RowOf<Schema, Table>>,
    Arguments = NoArguments,
  >(
    source: PageByParentSource<Schema, Table, Parent, Arguments>,
  ): PageByParent<RowOf<Schema, Table>, KeyOf<RowOf<Schema, Table>, Parent>, Arguments>;
  pageThrough<
    Table extends TableName<Schema>,
    Join extends TableName<Schema>,
    const Parent extends KeyColumns<RowOf<Schema, Join>>,
    Arguments = NoArguments,
  >(
    source: PageThroughSource<Schema, Table, Join, Parent, Arguments>,
  ): PageByParent<RowOf<Schema, Table>, KeyOf<RowOf<Schema, Join>, Parent>, Arguments>;
  page<Table extends TableName<Schema>, Arguments = NoArguments>(
    source: PageSource<Schema, Table, Arguments>,
  ): PageReader<RowOf<Schema, Table>, Arguments>;
  count<Table extends TableName<Schema>, Arguments = NoArguments>(
    source: TableSource<Schema, Table, Arguments>,
  ): CountReader<Arguments>;
  /** Runs any query as one entry of the call log. `keys` is the number of distinct keys in it. */
  query<Row>(call: string, keys: number, query: Readable<Row>): Promise<Row[]>;
  /** A DataLoader with a custom batch function. It is cleared when `write` changes one of these tables. */
  loader<Key, Value, CacheKey = Key>(
    tables: readonly TableName<Schema>[],
    batch: DataLoader.BatchLoadFn<Key, Value>,
    options?: DataLoader.Options<Key, Value, CacheKey>,
  ): DataLoader<Key, Value, CacheKey>;
  /** Runs `work` in a transaction as one entry of the call log, and clears the readers of the tables that it changed. */
  write<Result>(call: string, work: (trx: Transaction<Schema>) => Promise<Result>): Promise<Result>;
  /** The same readers inside a transaction, with separate caches. */
  within(trx: Transaction<Schema>): Reads<Schema>;
  /** Clears the caches of readers of these tables; without arguments, of all readers. */
  clear(...tables: readonly TableName<Schema>[]): void;
}

/**
 * Creates the readers of one request. They cache their results for the request, and its signal cancels them.
 *
 * @example const reads = createReads(database, scope);
 */
export const createReads = <Schema>(database: Database<Schema>, scope: ReadScope): Reads<Schema> =>
  readsOf({ database, scope, loaders: new Loaders(scope.scheduleBatch), types: columnTypesOf(database) });

function readsOf<Schema>(context: ReaderContext<Schema>): Reads<Schema> {
  const { database, scope, loaders } = context;
  return {
    database,
    oneByKey: (source) => oneByKey(context, source),
    manyByKey: (source) => manyByKey(context, source),
    manyThrough: (source) => manyThrough(context, source),
    countByParent: (source) => countByParent(context, source),
    existsByParent: (source) => existsByParent(context, source),
    pageByParent: (source) => pageByParent(context, source),
    pageThrough: (source) => pageThrough(context, source),
    page: (source) => page(context, source),
    count: (source) => count(context, source),
    query: (call, keys, query) => read(database, scope, call, keys, query),
    loader: (tables, batch, options) => loaders.plain(new Set(tables.map(tableKey)), batch, options),
    write: (call, work) => write(context, call, work),
    within: (trx) => readsOf(contextWithin(context, trx)),
    clear: (...tables) => loaders.clear(tables.length === 0 ? undefined : new Set(tables.map(tableKey))),
  };
}
