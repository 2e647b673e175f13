import { type Expression, type SqlBool, sql } from "kysely";
import { countByKeys } from "../statements/keyed-rows.ts";
import { type KeyValues, keyValues, ordinalOf } from "../statements/keys.ts";
import { whereClause } from "../statements/keyset-select.ts";
import { type Parents, parentsIn } from "../statements/parents.ts";
import { selectExisting, strategyOf } from "../statements/per-parent.ts";
import { read } from "../statements/read.ts";
import { conditionsOf, type GroupRead, groupLoaders, requestOf, tablesRead } from "./group-loaders.ts";
import { keysPerList, parentsPerStatement } from "./limits.ts";
import type { ReadTypes } from "./read-types.ts";
import type { ReaderContext } from "./reader-context.ts";
import { rejectOnThrow } from "./reject-on-throw.ts";
import type {
  ByParentSource,
  CountByParent,
  CountReader,
  ExistsByParent,
  KeyOf,
  RowOf,
  TableName,
  TableSource,
} from "./source.ts";

type KeyNames = string | readonly string[];

export function count<Schema, Table extends TableName<Schema>, Arguments>(
  context: ReaderContext<Schema>,
  { call, table, where }: TableSource<Schema, Table, Arguments>,
): CountReader<Arguments> {
  const group = groupLoaders(context, (arguments_: Arguments): GroupRead<number> => {
    const conditions = conditionsOf(where, arguments_);
    return {
      source: { call, table },
      tables: tablesRead([table], conditions),
      chunkSize: () => 1,
      missing: 0,
      read: async () => [await readCount(context, { call, table, conditions })],
    };
  });
  return {
    load: (...request: readonly unknown[]) => group(requestOf<Arguments>(request).arguments).load([], undefined),
  };
}

export function countByParent<Schema, Table extends TableName<Schema>, Parent extends KeyNames, Arguments>(
  context: ReaderContext<Schema>,
  source: ByParentSource<Schema, Table, Parent, Arguments>,
): CountByParent<KeyOf<RowOf<Schema, Table>, Parent>, Arguments> {
  const { call, table } = source;
  const parents = parentsIn(table, source.parent);
  const group = groupLoaders(context, (arguments_: Arguments): GroupRead<number> => {
    const conditions = conditionsOf(source.where, arguments_);
    return {
      source: { call, table, parents },
      tables: tablesRead([table], conditions),
      chunkSize: () => keysPerList(context.database, parents.columns.length),
      missing: 0,
      read: (keys, _columns, types) => readCounts(context, { call, table, conditions, parents, types }, keys),
    };
  });
  return {
    load: (key: unknown, ...request: readonly unknown[]) =>
      rejectOnThrow(() =>
        group(requestOf<Arguments>(request).arguments).load(keyValues(call, source.parent, key), undefined),
      ),
  };
}

export function existsByParent<Schema, Table extends TableName<Schema>, Parent extends KeyNames, Arguments>(
  context: ReaderContext<Schema>,
  source: ByParentSource<Schema, Table, Parent, Arguments>,
): ExistsByParent<KeyOf<RowOf<Schema, Table>, Parent>, Arguments> {
  const { call, table } = source;
  const { database, scope } = context;
  const parents = parentsIn(table, source.parent);
  const group = groupLoaders(context, (arguments_: Arguments): GroupRead<boolean> => {
    const conditions = conditionsOf(source.where, arguments_);
    return {
      source: { call, table, parents },
      tables: tablesRead([table], conditions),
      chunkSize: ({ keys: types }) => parentsPerStatement(strategyOf(database, { types }), 1),
      missing: false,
      read: async (keys, _columns, { keys: types }) => {
        const source = { table, conditions, parents: { ...parents, types } };
        const query = sql<object>`${selectExisting(database, source, keys)}`;
        const rows = await read(database, scope, call, keys.length, query);
        const found = new Set(rows.map(ordinalOf));
        return keys.map((_, index) => found.has(index));
      },
    };
  });
  return {
    load: (key: unknown, ...request: readonly unknown[]) =>
      rejectOnThrow(() =>
        group(requestOf<Arguments>(request).arguments).load(keyValues(call, source.parent, key), undefined),
      ),
  };
}

/** The rows to count. */
interface CountRead {
  readonly call: string;
  readonly table: string;
  readonly conditions: readonly Expression<SqlBool>[];
}

type Context<Schema> = Pick<ReaderContext<Schema>, "database" | "scope">;

async function readCount<Schema>(
  { database, scope }: Context<Schema>,
  { call, table, conditions }: CountRead,
): Promise<number> {
  const query = sql<object>`select count(*) as ${sql.id(totalName)} from ${sql.table(table)}${whereClause(conditions)}`;
  const [row] = await read(database, scope, call, 1, query);
  return totalOf(row ?? {});
}

/** One count per key, in the same order. */
async function readCounts<Schema>(
  { database, scope }: Context<Schema>,
  { call, table, conditions, parents, types }: CountRead & { readonly parents: Parents; readonly types: ReadTypes },
  keys: readonly KeyValues[],
): Promise<number[]> {
  const counted = { table, conditions, parents: { ...parents, types: types.keys } };
  const query = sql<object>`${countByKeys(database.kind, counted, keys, totalName)}`;
  const rows = await read(database, scope, call, keys.length, query);
  const totals = new Map(rows.map((row) => [ordinalOf(row), totalOf(row)]));
  return keys.map((_, index) => totals.get(index) ?? 0);
}

const totalOf = (row: object): number => Number(Reflect.get(row, totalName) ?? 0);

/** Must not be the name of a table's column. */
const totalName = "row count";
