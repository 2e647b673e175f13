import {
  BinaryOperationNode,
  type Expression,
  type ExpressionBuilder,
  expressionBuilder,
  type OperationNode,
  type SqlBool,
  ValueNode,
} from "kysely";
import type { PageWindow } from "../../relay/page.ts";
import { canonicalKey, type KeyValues } from "../statements/keys.ts";
import { tableKey, tablesOf } from "../statements/query-tables.ts";
import { canonicalJson, deepCopy, isDeepEqual } from "./canonical-json.ts";
import { inChunks } from "./chunks.ts";
import type { ColumnBatch, ColumnLoader, Columns } from "./column-loader.ts";
import { readValidKeys } from "./invalid-keys.ts";
import type { TablesRead } from "./loaders.ts";
import { type ReadSource, type ReadTypes, readTypes } from "./read-types.ts";
import type { ReaderContext } from "./reader-context.ts";
import type { TableName } from "./source.ts";

/** The last parameter of `load`: the union of those of all readers. */
export interface LoadRequest<Arguments> {
  readonly columns?: Columns;
  readonly first?: number;
  readonly window?: PageWindow;
  readonly arguments: Arguments;
}

/** Reads the optional last parameter of `load`. */
export const requestOf = <Arguments>(request: readonly unknown[]): LoadRequest<Arguments> =>
  (request[0] ?? {}) as LoadRequest<Arguments>;

/** The condition of a source. Empty if there is none, or if it is always true. */
export function conditionsOf<Schema, Tables extends TableName<Schema>, Arguments>(
  where:
    | ((builder: ExpressionBuilder<Schema, Tables>, arguments_: Arguments) => Expression<SqlBool> | undefined)
    | undefined,
  arguments_: Arguments,
): readonly Expression<SqlBool>[] {
  if (where === undefined) return [];
  const condition = where(expressionBuilder<Schema, Tables>(), arguments_);
  return condition === undefined || isAlwaysTrue(condition) ? [] : [condition];
}

/** `builder.and([])`, which Kysely writes as `1 = 1`. */
function isAlwaysTrue(condition: Expression<SqlBool>): boolean {
  const node = condition.toOperationNode();
  return BinaryOperationNode.is(node) && [node.leftOperand, node.rightOperand].every(isOne);
}

const isOne = (node: OperationNode): boolean => ValueNode.is(node) && node.immediate === true && node.value === 1;

/** The tables that a read depends on. */
export function tablesRead(tables: readonly string[], conditions: readonly Expression<SqlBool>[]): TablesRead {
  let all: ReadonlySet<string> = new Set(tables.map(tableKey));
  for (const condition of conditions) {
    const { named } = tablesOf(condition.toOperationNode());
    if (named === undefined) return undefined;
    all = all.union(named);
  }
  return all;
}

/** How a group of loads is read: all loads with the same arguments and window. */
export interface GroupRead<Value> {
  readonly source: ReadSource;
  readonly tables: TablesRead;
  /** The maximum number of keys per statement. */
  chunkSize(types: ReadTypes): number;
  /** Returns one value per key, in the same order. */
  read(keys: readonly KeyValues[], columns: Columns, types: ReadTypes): Promise<readonly Value[]>;
  /** The result for a key without rows. */
  readonly missing: Value;
}

/** Creates one loader per distinct request. Loads of different columns share a loader. */
export function groupLoaders<Schema, Request, Value>(
  context: ReaderContext<Schema>,
  start: (request: Request) => GroupRead<Value>,
): (request: Request) => ColumnLoader<KeyValues, Value> {
  const { loaders, database } = context;
  const cacheKeyFn = (key: KeyValues): string => canonicalKey(database.kind, key);
  const groups = new Map<string, Group<Request, Value>>();
  let last: Group<Request, Value> | undefined;
  const batch =
    ({ source, chunkSize, read, missing }: GroupRead<Value>): ColumnBatch<KeyValues, Value> =>
    async (keys, columns) => {
      const { parents } = source;
      const types = await readTypes(context, source);
      const run = (chunk: readonly KeyValues[]) => read(chunk, columns, types);
      return inChunks(keys, chunkSize(types), (chunk) =>
        parents === undefined ? run(chunk) : readValidKeys(context, { ...source, parents }, types, chunk, missing, run),
      );
    };
  const groupOf = (request: Request): Group<Request, Value> => {
    const text = canonicalJson(request);
    const existing = groups.get(text);
    if (existing !== undefined) return existing;
    const read = start(request);
    const loader = loaders.ofColumns(read.tables, batch(read), cacheKeyFn);
    const group = { request: deepCopy(request), loader };
    groups.set(text, group);
    return group;
  };
  return (request) => {
    // The items of a list load with equal arguments, one after the other.
    if (last === undefined || !isDeepEqual(last.request, request)) last = groupOf(request);
    return last.loader;
  };
}

interface Group<Request, Value> {
  /** A copy, because the caller may change its object. */
  readonly request: Request;
  readonly loader: ColumnLoader<KeyValues, Value>;
}
