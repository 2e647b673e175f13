import { type Expression, type RawBuilder, type SqlBool, sql } from "kysely";
import { whereClause } from "./bounded.ts";
import { conditionsOf, type GroupRead, groupLoaders, type ReaderContext, requestOf, tablesRead } from "./context.ts";
import { hasKeyAmong, identify, type KeyValues, keyValues, rowKey, sameTypes } from "./keys.ts";
import { keysPerList, parentsPerStatement } from "./limits.ts";
import type { Database } from "./open.ts";
import { type Parents, parentsIn } from "./parents.ts";
import { columnsOf, formOf, isOfParent, selectExisting } from "./per-parent.ts";
import { read } from "./read.ts";
import { rejecting } from "./rejecting.ts";
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
      tables: tablesRead([table], conditions),
      chunkSize: (keys) =>
        isCountedApart(context.database.kind, keys)
          ? parentsPerStatement("union", 1)
          : keysPerList(context.database, parents.columns.length),
      missing: 0,
      read: (keys) => readCounts(context, { call, table, conditions, parents }, keys),
    };
  });
  return {
    load: (key: unknown, ...request: readonly unknown[]) =>
      rejecting(() =>
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
      tables: tablesRead([table], conditions),
      chunkSize: (keys) => parentsPerStatement(formOf(database, keys), 1),
      missing: false,
      read: async (keys) => {
        const query = sql<object>`${selectExisting(database, { table, conditions, parents }, keys)}`;
        const rows = await read(database, scope, call, keys.length, query);
        const found = new Set(rows.map((row) => rowKey(row, parents.names)));
        return keys.map((key) => found.has(identify(key)));
      },
    };
  });
  return {
    load: (key: unknown, ...request: readonly unknown[]) =>
      rejecting(() =>
        group(requestOf<Arguments>(request).arguments).load(keyValues(call, source.parent, key), undefined),
      ),
  };
}

/** Which rows are counted. */
interface CountRead {
  readonly call: string;
  readonly table: string;
  readonly conditions: readonly Expression<SqlBool>[];
}

type Context<Schema> = Pick<ReaderContext<Schema>, "database" | "scope">;

export async function readCount<Schema>(
  { database, scope }: Context<Schema>,
  { call, table, conditions }: CountRead,
): Promise<number> {
  const query = sql<object>`select count(*) as ${sql.id(totalName)} from ${sql.table(table)}${whereClause(conditions)}`;
  const [row] = await read(database, scope, call, 1, query);
  return totalOf(row ?? {});
}

/** As many counts as keys, in their order. */
export async function readCounts<Schema>(
  { database, scope }: Context<Schema>,
  { call, table, conditions, parents }: CountRead & { readonly parents: Parents },
  keys: readonly KeyValues[],
): Promise<number[]> {
  const { kind } = database;
  const query = isCountedApart(kind, keys)
    ? countApart(kind, { table, conditions, parents }, keys)
    : countTogether(kind, { table, conditions, parents }, keys);
  const rows = await read(database, scope, call, keys.length, sql<object>`${query}`);
  const totals = new Map(rows.map((row) => [rowKey(row, parents.columns), totalOf(row)]));
  return keys.map((key) => totals.get(identify(key)) ?? 0);
}

type CountQuery = Pick<CountRead, "table" | "conditions"> & { readonly parents: Parents };

function countTogether(
  kind: Database<unknown>["kind"],
  { table, conditions, parents }: CountQuery,
  keys: readonly KeyValues[],
): RawBuilder<unknown> {
  const where = whereClause([hasKeyAmong(kind, table, parents.columns, keys), ...conditions]);
  const columns = columnsOf(table, parents.columns);
  const groups = columns.map((column, index) => {
    const isText = keys.some((key) => typeof key[index] === "string");
    return isText && kind === "sqlite" ? sql`${column} collate binary` : column;
  });
  const total = sql`count(*) as ${sql.id(totalName)}`;
  return sql`select ${sql.join([...columns, total])} from ${sql.table(table)}${where} group by ${sql.join(groups)}`;
}

/**
 * MySQL groups texts as their collation has them, `Ann` with `ann`. To group them exactly it sorts all rows, which takes
 * five times as long as a count for each.
 */
const isCountedApart = (kind: Database<unknown>["kind"], keys: readonly KeyValues[]): boolean =>
  kind === "mysql" && keys.some((values) => values.some((value) => typeof value === "string"));

function countApart(
  kind: Database<unknown>["kind"],
  { table, conditions, parents }: CountQuery,
  keys: readonly KeyValues[],
): RawBuilder<unknown> {
  const counts = sameTypes(keys).map((values) => {
    const named = values.map((value, index) => sql`${value} as ${sql.id(parents.names[index] ?? "")}`);
    const ofOne = isOfParent(
      kind,
      parents,
      values.map((value) => sql`${value}`),
      keys,
    );
    const columns = [...named, sql`count(*) as ${sql.id(totalName)}`];
    return sql`(select ${sql.join(columns)} from ${sql.table(table)}${whereClause([...ofOne, ...conditions])})`;
  });
  return sql.join(counts, sql` union all `);
}

const totalOf = (row: object): number => Number(Reflect.get(row, totalName) ?? 0);

/** No column of a table is called so. */
const totalName = "row count";
