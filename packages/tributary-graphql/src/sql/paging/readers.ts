import type { Expression, SqlBool } from "kysely";
import type { PageRows, PageWindow } from "../../relay/page.ts";
import { orderOf } from "../readers/by-key.ts";
import { conditionsOf, type GroupRead, groupLoaders, requestOf, tablesRead } from "../readers/group-loaders.ts";
import { parentsPerStatement } from "../readers/limits.ts";
import type { ReaderContext } from "../readers/reader-context.ts";
import { rejectOnThrow } from "../readers/reject-on-throw.ts";
import type {
  KeyOf,
  OrderBy,
  PageByParent,
  PageByParentSource,
  PageReader,
  PageSource,
  PageThroughSource,
  RowOf,
  TableName,
} from "../readers/source.ts";
import { columnList, keyValues } from "../statements/keys.ts";
import type { SqlOrder } from "../statements/order.ts";
import { type Parents, parentsIn, parentsThrough } from "../statements/parents.ts";
import { strategyOf } from "../statements/per-parent.ts";
import { readPage, readPages } from "./reads.ts";
import { checkSize, pageOf, readOfWindow } from "./rows.ts";

type KeyNames = string | readonly string[];

export function page<Schema, Table extends TableName<Schema>, Arguments>(
  context: ReaderContext<Schema>,
  source: PageSource<Schema, Table, Arguments>,
): PageReader<RowOf<Schema, Table>, Arguments> {
  type Row = RowOf<Schema, Table>;
  const { call, table } = source;
  const { kind } = context.database;
  const group = groupLoaders(
    context,
    ({ arguments: arguments_, window }: PageRequest<Arguments>): GroupRead<PageRows<Row>> => {
      const conditions = conditionsOf(source.where, arguments_);
      const order = requiredOrder(call, source.orderBy, arguments_);
      return {
        source: { call, table },
        tables: tablesRead([table], conditions),
        chunkSize: () => 1,
        missing: pageOf<Row>(kind, order, window, []),
        read: async (_keys, columns, types) => [
          await readPage<Schema, Row>(context, { call, table, order, window, conditions, columns, types }),
        ],
      };
    },
  );
  return {
    load: (...request: readonly unknown[]) =>
      rejectOnThrow(() => {
        const { window, arguments: arguments_, columns } = requestOf<Arguments>(request);
        return group({ arguments: arguments_, window: checkedWindow(call, window) }).load([], columns);
      }),
  };
}

export function pageByParent<Schema, Table extends TableName<Schema>, Parent extends KeyNames, Arguments>(
  context: ReaderContext<Schema>,
  source: PageByParentSource<Schema, Table, Parent, Arguments>,
): PageByParent<RowOf<Schema, Table>, KeyOf<RowOf<Schema, Table>, Parent>, Arguments> {
  const { call, table, id, parent, orderBy } = source;
  return pagesReader<Schema, RowOf<Schema, Table>, Arguments>(context, {
    call,
    table,
    id: columnList(id),
    key: parent,
    parents: parentsIn(table, parent),
    tables: [table],
    orderBy,
    conditions: (arguments_) => conditionsOf(source.where, arguments_),
  });
}

export function pageThrough<
  Schema,
  Table extends TableName<Schema>,
  Join extends TableName<Schema>,
  Parent extends KeyNames,
  Arguments,
>(
  context: ReaderContext<Schema>,
  source: PageThroughSource<Schema, Table, Join, Parent, Arguments>,
): PageByParent<RowOf<Schema, Table>, KeyOf<RowOf<Schema, Join>, Parent>, Arguments> {
  const { call, table, id, through, orderBy } = source;
  return pagesReader<Schema, RowOf<Schema, Table>, Arguments>(context, {
    call,
    table,
    id: columnList(id),
    key: through.parent,
    parents: parentsThrough(call, table, id, through),
    tables: [table, through.table],
    orderBy,
    conditions: (arguments_) => conditionsOf(source.where, arguments_),
  });
}

interface PageRequest<Arguments> {
  readonly arguments: Arguments;
  readonly window: PageWindow;
}

interface PagesRead<Row, Arguments> {
  readonly call: string;
  readonly table: string;
  readonly id: readonly string[];
  /** The key columns of a load. */
  readonly key: KeyNames;
  readonly parents: Parents;
  readonly tables: readonly string[];
  readonly orderBy: OrderBy<Row, Arguments>;
  conditions(arguments_: Arguments): readonly Expression<SqlBool>[];
}

function pagesReader<Schema, Row extends object, Arguments>(
  context: ReaderContext<Schema>,
  source: PagesRead<Row, Arguments>,
): { load(key: unknown, ...request: readonly unknown[]): Promise<PageRows<Row>> } {
  const { call, table, id, key, parents } = source;
  const { database } = context;
  const group = groupLoaders(
    context,
    ({ arguments: arguments_, window }: PageRequest<Arguments>): GroupRead<PageRows<Row>> => {
      const conditions = source.conditions(arguments_);
      const order = requiredOrder(call, source.orderBy, arguments_);
      const { ranges } = readOfWindow(database.kind, order, window);
      return {
        source: { call, table, parents },
        tables: tablesRead(source.tables, conditions),
        chunkSize: ({ keys: types }) => parentsPerStatement(strategyOf(database, { types }), ranges.length),
        missing: pageOf<Row>(database.kind, order, window, []),
        read: (keys, columns, types) =>
          readPages<Schema, Row>(
            context,
            { call, table, id, parents, order, window, conditions, columns, types },
            keys,
          ),
      };
    },
  );
  return {
    load: (keyAsked, ...request) =>
      rejectOnThrow(() => {
        const { window, arguments: arguments_, columns } = requestOf<Arguments>(request);
        const values = keyValues(call, key, keyAsked);
        return group({ arguments: arguments_, window: checkedWindow(call, window) }).load(values, columns);
      }),
  };
}

function checkedWindow(call: string, window: PageWindow | undefined): PageWindow {
  if (window === undefined) throw new TypeError(`${call}: expected a window, { size, backward, after?, before? }.`);
  checkSize(call, "size", window.size);
  return window;
}

function requiredOrder<Row, Arguments>(call: string, order: OrderBy<Row, Arguments>, arguments_: Arguments): SqlOrder {
  const checked = orderOf(call, order, arguments_);
  if (checked === undefined) throw new TypeError(`${call}: expected an orderBy.`);
  return checked;
}
