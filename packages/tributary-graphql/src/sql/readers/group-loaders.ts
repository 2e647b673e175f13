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
import { identify, type KeyValues } from "../statements/keys.ts";
import { tableKey, tablesOf } from "../statements/query-tables.ts";
import { canonicalJson, isPlainlySame, plainCopy } from "./canonical-json.ts";
import { inChunks } from "./chunks.ts";
import type { ColumnBatch, ColumnLoader, Columns } from "./column-loader.ts";
import type { TablesRead } from "./loaders.ts";
import { type ReadSource, type ReadTypes, readTypes } from "./read-types.ts";
import type { ReaderContext } from "./reader-context.ts";
import { readAcceptable } from "./refused-keys.ts";
import type { TableName } from "./source.ts";

/** The last parameter of `load`, of any reader. */
export interface LoadRequest<Arguments> {
  readonly columns?: Columns;
  readonly first?: number;
  readonly window?: PageWindow;
  readonly arguments: Arguments;
}

/** The arguments of `load`, as the union of those of all readers. */
export const requestOf = <Arguments>(request: readonly unknown[]): LoadRequest<Arguments> =>
  (request[0] ?? {}) as LoadRequest<Arguments>;

/** The condition of a source as it stands in a query: nothing for none, nor for one that is always true. */
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

/** The parameters of one group of loads: those with the same arguments and window. */
export interface GroupRead<Value> {
  readonly source: ReadSource;
  readonly tables: TablesRead;
  /** How many keys one statement takes. */
  chunkSize(types: ReadTypes): number;
  /** As many values as keys, in their order. */
  read(keys: readonly KeyValues[], columns: Columns, types: ReadTypes): Promise<readonly Value[]>;
  /** The result for a key that no row can have. */
  readonly missing: Value;
}

/** Makes loaders as they are asked for: one for each distinct request, whatever columns it names. */
export function groupLoaders<Schema, Request, Value>(
  context: ReaderContext<Schema>,
  start: (request: Request) => GroupRead<Value>,
): (request: Request) => ColumnLoader<KeyValues, Value> {
  const { loaders, database } = context;
  const identifyKey = (key: KeyValues): string => identify(database.kind, key);
  const groups = new Map<string, Group<Request, Value>>();
  let last: Group<Request, Value> | undefined;
  const batch =
    ({ source, chunkSize, read, missing }: GroupRead<Value>): ColumnBatch<KeyValues, Value> =>
    async (keys, columns) => {
      const { parents } = source;
      const types = await readTypes(context, source);
      const run = (chunk: readonly KeyValues[]) => read(chunk, columns, types);
      return inChunks(keys, chunkSize(types), (chunk) =>
        parents === undefined
          ? run(chunk)
          : readAcceptable(context, { ...source, parents }, types, chunk, missing, run),
      );
    };
  const groupOf = (request: Request): Group<Request, Value> => {
    const text = canonicalJson(request);
    const known = groups.get(text);
    if (known !== undefined) return known;
    const read = start(request);
    const loader = loaders.ofColumns(read.tables, batch(read), identifyKey);
    const group = { request: plainCopy(request), loader };
    groups.set(text, group);
    return group;
  };
  return (request) => {
    // The parents of a list ask for the same one after the other.
    if (last === undefined || !isPlainlySame(last.request, request)) last = groupOf(request);
    return last.loader;
  };
}

interface Group<Request, Value> {
  /** A copy: who asked may change theirs. */
  readonly request: Request;
  readonly loader: ColumnLoader<KeyValues, Value>;
}
