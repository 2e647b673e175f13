/** One SQLite connection in its own thread. `SqliteWorker` starts it; the messages are in `protocol.ts`. */
import { DatabaseSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";
import { utcText } from "../times.ts";
import type {
  CloseRequest,
  QueryFailure,
  QueryRequest,
  QueryResponse,
  SqliteValue,
  WorkerMessage,
  WorkerOptions,
} from "./protocol.ts";
import { type CachedStatement, StatementCache } from "./statement-cache.ts";

if (parentPort !== null) serve(parentPort, workerData as WorkerOptions);

function serve(port: NonNullable<typeof parentPort>, options: WorkerOptions): void {
  const send = (message: WorkerMessage) => port.postMessage(message);
  let database: DatabaseSync;
  try {
    database = open(options);
  } catch (error) {
    send({ failure: describe(error, false) });
    port.close();
    return;
  }
  const statements = new StatementCache(database, options.statementCacheSize);
  let isPrepared = options.readOnly;
  port.on("message", (request: QueryRequest | CloseRequest) => {
    if ("close" in request) {
      database.close();
      port.close();
      return;
    }
    try {
      if (!isPrepared) prepareWriting(database);
      isPrepared = true;
      send(run(database, options, statements.get(request.sql), request));
    } catch (error) {
      send({ failure: { id: request.id, ...describe(error, database.isTransaction) } });
    }
  });
  send({ opened: true });
}

function open({ file, readOnly, busyTimeoutMs }: WorkerOptions): DatabaseSync {
  return new DatabaseSync(file, { readOnly, timeout: busyTimeoutMs, enableForeignKeyConstraints: true });
}

/**
 * Runs before the first statement that may write, because it changes the file; a file that is only read stays as it is.
 * WAL: readers and the writer do not block each other. NORMAL: a power failure may lose the last commits, but does not
 * corrupt the file.
 */
function prepareWriting(database: DatabaseSync): void {
  database.exec("pragma journal_mode = wal; pragma synchronous = normal");
}

function run(
  database: DatabaseSync,
  options: WorkerOptions,
  cached: CachedStatement,
  { id, parameters }: QueryRequest,
): QueryResponse {
  const { statement } = cached;
  const bound = parameters.map(toBindable);
  if (statement.columns().length === 0) {
    const { changes, lastInsertRowid } = statement.run(...bound);
    return { id, columns: [], rows: [], changes, lastInsertRowid, inTransaction: database.isTransaction };
  }
  const isCancelled = () => Atomics.load(options.cancelled, 0) === id;
  const rows = readRows(cached, bound, isCancelled, options.readOnly);
  // Read after the rows: SQLite re-prepares the statement when another connection has changed the schema.
  const columns = rows.length === 0 ? [] : statement.columns().map((column) => column.name);
  return { id, columns, rows, inTransaction: database.isTransaction };
}

/**
 * Reading all integers as `bigint` takes a third longer, so a statement switches to it at the first integer beyond
 * 2^53 - 1 and runs again. A statement that may write must not run twice, so it reads `bigint` from the start.
 */
function readRows(
  cached: CachedStatement,
  bound: readonly SqliteValue[],
  isCancelled: () => boolean,
  mayRetry: boolean,
): SqliteValue[][] {
  if (!mayRetry) readBigInts(cached);
  try {
    const rows = iterate(cached, bound, isCancelled);
    if (rows !== undefined) return rows;
  } catch (error) {
    if (cached.readsBigInts || !isTooLarge(error)) throw error;
  }
  readBigInts(cached);
  return iterate(cached, bound, isCancelled) ?? [];
}

/** Undefined when an integer is too large for a number and Node does not throw for it. */
function iterate(
  { statement, readsBigInts }: CachedStatement,
  bound: readonly SqliteValue[],
  isCancelled: () => boolean,
): SqliteValue[][] | undefined {
  const rows: SqliteValue[][] = [];
  for (const row of statement.iterate(...bound) as Iterable<unknown>) {
    if (isCancelled()) break;
    const values = row as SqliteValue[];
    if (!readsBigInts && values.includes(minInt64)) return undefined;
    rows.push(readsBigInts ? values.map(toNumberOrDigits) : values);
  }
  return rows;
}

/** The only unsafe integer that Node returns as a number without an error. The value may also be a float. */
const minInt64 = -(2 ** 63);

function readBigInts(cached: CachedStatement): void {
  cached.statement.setReadBigInts(true);
  cached.readsBigInts = true;
}

/** A number if it is a safe integer, otherwise a string of its digits. */
function toNumberOrDigits(value: SqliteValue): SqliteValue {
  if (typeof value !== "bigint") return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

const isTooLarge = (error: unknown): boolean =>
  error instanceof RangeError && "code" in error && error.code === "ERR_OUT_OF_RANGE";

/**
 * Converts a parameter to a type that SQLite stores: booleans to 0 and 1, dates to text.
 * @throws TypeError for an unsupported value
 */
function toBindable(value: unknown): SqliteValue {
  if (typeof value === "boolean") return Number(value);
  if (value === undefined) return null;
  if (value instanceof Date) return utcText(value);
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value as SqliteValue;
  throw new TypeError(
    `Expected a string, a number, a boolean, a Date, bytes or null as a parameter, got ${JSON.stringify(value)}.`,
  );
}

function describe(error: unknown, inTransaction: boolean): QueryFailure {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && "errcode" in error ? error.errcode : undefined;
  return { message, resultCode: typeof code === "number" ? code : undefined, inTransaction };
}
