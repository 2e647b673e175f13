import { type Expression, type RawBuilder, type SqlBool, sql } from "kysely";
import { checkSize, orderExtras, removeOrderExtras } from "../paging/rows.ts";
import { compiledStatement, type StatementShape } from "../statements/compiled-statements.ts";
import { selectByKeys } from "../statements/keyed-rows.ts";
import { columnList, groupByKey, type KeyValues, keyValues } from "../statements/keys.ts";
import { rangesBetween } from "../statements/keyset-ranges.ts";
import { checkedOrder, type SqlOrder, storedOrder } from "../statements/order.ts";
import { type Parents, parentsIn, parentsThrough } from "../statements/parents.ts";
import { neededColumns, selectPerParent, strategyOf } from "../statements/per-parent.ts";
import { compile, read } from "../statements/read.ts";
import type { Columns } from "./column-loader.ts";
import { conditionsOf, type GroupRead, groupLoaders, requestOf, tablesRead } from "./group-loaders.ts";
import { keysPerList, parentsPerStatement } from "./limits.ts";
import type { ReadTypes } from "./read-types.ts";
import type { ReaderContext } from "./reader-context.ts";
import { rejectOnThrow } from "./reject-on-throw.ts";
import type {
  KeyOf,
  ManyByKey,
  ManyByKeySource,
  ManyThroughSource,
  OneByKey,
  OneByKeySource,
  OrderBy,
  RowOf,
  TableName,
} from "./source.ts";

type KeyNames = string | readonly string[];

export function oneByKey<Schema, Table extends TableName<Schema>, Key extends KeyNames, Arguments>(
  context: ReaderContext<Schema>,
  source: OneByKeySource<Schema, Table, Key, Arguments>,
): OneByKey<RowOf<Schema, Table>, KeyOf<RowOf<Schema, Table>, Key>, Arguments> {
  type Row = RowOf<Schema, Table>;
  const { call, table } = source;
  const parents = parentsIn(table, source.key);
  const group = groupLoaders(context, (arguments_: Arguments): GroupRead<Row | null> => {
    const conditions = conditionsOf(source.where, arguments_);
    return {
      source: { call, table, parents },
      tables: tablesRead([table], conditions),
      chunkSize: () => keysPerList(context.database, parents.columns.length),
      missing: null,
      read: async (keys, columns, types) => {
        const rows = await readMany<Schema, Row>(context, { call, table, parents, conditions, columns, types }, keys);
        // If two rows have the same key, the first one is returned.
        return groupByKey(rows, keys).map(([row]) => row ?? null);
      },
    };
  });
  return {
    load: (key: unknown, ...request: readonly unknown[]) =>
      rejectOnThrow(() => {
        const { columns, arguments: arguments_ } = requestOf<Arguments>(request);
        return group(arguments_).load(keyValues(call, source.key, key), columns);
      }),
  };
}

export function manyByKey<Schema, Table extends TableName<Schema>, Key extends KeyNames, Arguments>(
  context: ReaderContext<Schema>,
  source: ManyByKeySource<Schema, Table, Key, Arguments>,
): ManyByKey<RowOf<Schema, Table>, KeyOf<RowOf<Schema, Table>, Key>, Arguments> {
  const { call, table } = source;
  return manyReader<Schema, RowOf<Schema, Table>, Arguments>(context, {
    call,
    table,
    key: source.key,
    parents: parentsIn(table, source.key),
    tables: [table],
    orderBy: source.orderBy,
    conditions: (arguments_) => conditionsOf(source.where, arguments_),
  });
}

export function manyThrough<
  Schema,
  Table extends TableName<Schema>,
  Join extends TableName<Schema>,
  Parent extends KeyNames,
  Arguments,
>(
  context: ReaderContext<Schema>,
  source: ManyThroughSource<Schema, Table, Join, Parent, Arguments>,
): ManyByKey<RowOf<Schema, Table>, KeyOf<RowOf<Schema, Join>, Parent>, Arguments> {
  const { call, table, through } = source;
  return manyReader<Schema, RowOf<Schema, Table>, Arguments>(context, {
    call,
    table,
    key: through.parent,
    parents: parentsThrough(call, table, source.key, through),
    id: columnList(source.key),
    tables: [table, through.table],
    orderBy: source.orderBy,
    conditions: (arguments_) => conditionsOf(source.where, arguments_),
  });
}

interface ManyRead<Row, Arguments> {
  readonly call: string;
  readonly table: string;
  /** The key columns of a load. */
  readonly key: KeyNames;
  readonly parents: Parents;
  /** Unique in the table. Default: the last column of the order, which is unique per key. */
  readonly id?: readonly string[];
  readonly tables: readonly string[];
  readonly orderBy: OrderBy<Row, Arguments> | undefined;
  conditions(arguments_: Arguments): readonly Expression<SqlBool>[];
}

function manyReader<Schema, Row extends object, Arguments>(
  context: ReaderContext<Schema>,
  source: ManyRead<Row, Arguments>,
): { load(key: unknown, ...request: readonly unknown[]): Promise<readonly Row[]> } {
  const { call, table, key, parents } = source;
  type Request = { readonly arguments: Arguments; readonly first: number | undefined };
  const group = groupLoaders(context, (request: Request): GroupRead<readonly Row[]> => {
    const conditions = source.conditions(request.arguments);
    const order = orderOf(call, source.orderBy, request.arguments);
    const { first } = request;
    const many = { call, table, parents, conditions, order };
    return {
      source: { call, table, parents },
      tables: tablesRead(source.tables, conditions),
      chunkSize: ({ keys: types }) =>
        first === undefined
          ? keysPerList(context.database, parents.columns.length)
          : parentsPerStatement(strategyOf(context.database, { types }), 1),
      missing: [],
      read: async (keys, columns, types) => {
        const rows =
          first === undefined
            ? await readMany<Schema, Row>(context, { ...many, columns, types }, keys)
            : await readFirst<Schema, Row>(context, { ...many, columns, types, first, id: source.id }, keys);
        return groupByKey(rows, keys);
      },
    };
  });
  return {
    load: (keyAsked, ...request) =>
      rejectOnThrow(() => {
        const { columns, first, arguments: arguments_ } = requestOf<Arguments>(request);
        const values = keyValues(call, key, keyAsked);
        if (first !== undefined) checkFirst(call, first, source.orderBy);
        return first === 0 ? Promise.resolve([]) : group({ arguments: arguments_, first }).load(values, columns);
      }),
  };
}

function checkFirst(call: string, first: number, order: unknown): void {
  checkSize(call, "first", first);
  if (order === undefined) throw new TypeError(`${call}: expected an orderBy, because first was given.`);
}

export function orderOf<Row, Arguments>(
  call: string,
  order: OrderBy<Row, Arguments> | undefined,
  arguments_: Arguments,
): SqlOrder | undefined {
  if (order === undefined) return undefined;
  return checkedOrder(call, typeof order === "function" ? order(arguments_) : order);
}

interface RowsRead {
  readonly call: string;
  readonly table: string;
  readonly parents: Parents;
  readonly conditions: readonly Expression<SqlBool>[];
  readonly columns: Columns;
  readonly types: ReadTypes;
  readonly order?: SqlOrder;
}

/** Reads all rows of these keys. */
function readMany<Schema, Row>(
  context: ReaderContext<Schema>,
  rows: RowsRead,
  keys: readonly KeyValues[],
): Promise<Row[]> {
  const { kind } = context.database;
  const { parents, order, types } = rows;
  const build = () => {
    const keyed = {
      ...rows,
      order,
      parents: { ...parents, types: types.keys },
      columns: neededColumns(rows.columns, parents, order),
    };
    return sql<Row>`${selectByKeys(kind, keyed, keys)}`;
  };
  return readRows(context, { ...rows, reader: "many", limit: undefined }, keys, build);
}

/** Uses a compiled statement from the cache if only the keys differ between batches. */
function readRows<Schema, Row>(
  { database, scope }: ReaderContext<Schema>,
  {
    reader,
    call,
    table,
    parents,
    conditions,
    columns,
    order,
    limit,
  }: RowsRead & Pick<StatementShape, "reader" | "limit">,
  keys: readonly KeyValues[],
  build: () => RawBuilder<Row>,
): Promise<Row[]> {
  const { kind, db } = database;
  if (kind === "mysql" || parents.isJoined || conditions.length > 0) {
    return read(database, scope, call, keys.length, build());
  }
  const shape = { reader, table, key: parents.columns, columns, order, limit };
  return read(database, scope, call, keys.length, () => compiledStatement(db, shape, keys, () => compile(db, build())));
}

/** Reads the first rows of each key. */
async function readFirst<Schema, Row extends object>(
  context: ReaderContext<Schema>,
  rows: RowsRead & { readonly first: number; readonly id?: readonly string[] | undefined },
  keys: readonly KeyValues[],
): Promise<Row[]> {
  const { kind } = context.database;
  const { table, parents, types, first: limit } = rows;
  const order = rows.order && storedOrder(rows.order, types.columns);
  const build = () => {
    const perParent = {
      ...rows,
      order,
      parents: { ...parents, types: types.keys },
      columns: neededColumns(rows.columns, parents, order),
      extras: orderExtras(kind, table, order),
      id: rows.id ?? [order?.at(-1)?.column ?? ""],
      isIdOfParent: rows.id === undefined,
      ranges: order === undefined ? [[]] : rangesBetween(kind, order, {}),
      limit,
    };
    return sql<Row>`${selectPerParent(context.database, perParent, keys)}`;
  };
  const found = await readRows(context, { ...rows, reader: "first", limit }, keys, build);
  return order === undefined ? found : removeOrderExtras(kind, order, found);
}
