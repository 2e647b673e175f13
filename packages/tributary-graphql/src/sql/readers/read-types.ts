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

/** The columns that a statement for MySQL or MariaDB depends on; the other databases convert values by themselves. */
export interface ReadTypes {
  /** Of the key's columns, in their order. */
  readonly keys: readonly MysqlColumn[];
  /** Of the rows' own table. */
  readonly columns: MysqlColumns;
}

const none: ReadTypes = { keys: [], columns: new Map() };

/** The types are read of the catalogue once per minute at most; that is no entry of the call log unless it fails. */
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
    const [columns, keyColumns] = await stoppable(scope.signal, all);
    return { columns, keys: (parents?.columns ?? []).map((column) => keyColumns.get(column) ?? unknownColumn) };
  } catch (error) {
    scope.calls.begin(databaseSource, call, 1).fail();
    throw databaseError(error, call);
  }
}

/** The types are for all requests: the one that is given up goes on alone. */
async function stoppable<Value>(signal: AbortSignal, promise: Promise<Value>): Promise<Value> {
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([promise, stopped]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
