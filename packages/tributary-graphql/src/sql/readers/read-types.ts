import type { MysqlColumns } from "../dialects/column-types.ts";
import { type MysqlColumn, unknownColumn } from "../dialects/mysql/columns.ts";
import { databaseError } from "../errors/database-error.ts";
import type { Parents } from "../statements/parents.ts";
import { databaseSource } from "../statements/read.ts";
import type { ReaderContext } from "./reader-context.ts";

/** The table of a read, and its key columns. */
export interface ReadSource {
  readonly call: string;
  readonly table: string;
  /** Undefined for a read without keys. */
  readonly parents?: Parents;
}

/** The column types that a statement for MySQL or MariaDB depends on. The other databases convert keys by themselves. */
export interface ReadTypes {
  /** The key's columns, in their order. */
  readonly keys: readonly MysqlColumn[];
  /** The columns of the table. */
  readonly columns: MysqlColumns;
}

const none: ReadTypes = { keys: [], columns: new Map() };

/** Reads the types from the catalog, cached for a minute. Only a failure is an entry of the call log. */
export async function readTypes<Schema>(
  context: Pick<ReaderContext<Schema>, "database" | "scope" | "types">,
  { call, table, parents }: ReadSource,
): Promise<ReadTypes> {
  const { database, scope, types } = context;
  if (database.kind !== "mysql") return none;
  try {
    scope.signal.throwIfAborted();
    const all = Promise.all([types.ofMysql(database.db, table), types.ofMysql(database.db, parents?.table ?? table)]);
    scope.calls.prepare?.(all);
    const [columns, keyColumns] = await orAbort(scope.signal, all);
    return { columns, keys: (parents?.columns ?? []).map((column) => keyColumns.get(column) ?? unknownColumn) };
  } catch (error) {
    scope.calls.begin(databaseSource, call, 1).fail();
    throw databaseError(error, call);
  }
}

/** Rejects when the signal aborts. The promise goes on, because other requests share it. */
async function orAbort<Value>(signal: AbortSignal, promise: Promise<Value>): Promise<Value> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
