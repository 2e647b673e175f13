/** One SQLite connection in a thread of its own. `SqliteWorker` starts it and speaks `protocol.ts` with it. */
import { DatabaseSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";
import { utcText } from "../times.ts";
import type {
  CloseRequest,
  QueryAnswer,
  QueryFailure,
  QueryRequest,
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
 * Before the first statement that may write, and not when the file is opened: it changes the file, which may be somebody
 * else's and only looked at. WAL: readers and the writer do not wait for each other. NORMAL: a power cut may lose the last
 * commits, never the file.
 */
function prepareWriting(database: DatabaseSync): void {
  database.exec("pragma journal_mode = wal; pragma synchronous = normal");
}

function run(
  database: DatabaseSync,
  options: WorkerOptions,
  cached: CachedStatement,
  { id, parameters }: QueryRequest,
): QueryAnswer {
  const { statement } = cached;
  const bound = parameters.map(bindable);
  if (statement.columns().length === 0) {
    const { changes, lastInsertRowid } = statement.run(...bound);
    return { id, columns: [], rows: [], changes, lastInsertRowid, inTransaction: database.isTransaction };
  }
  const isCancelled = () => Atomics.load(options.cancelled, 0) === id;
  const rows = readRows(cached, bound, isCancelled, options.readOnly);
  // Asked for after the rows: SQLite prepares a statement again when another connection has changed the tables.
  const columns = rows.length === 0 ? [] : statement.columns().map((column) => column.name);
  return { id, columns, rows, inTransaction: database.isTransaction };
}

/**
 * Reading every integer as a `bigint` takes a third longer, so it is done only once a statement has met one that
 * needs it. Where it may write it must not run again for that, and does it from the start.
 */
function readRows(
  cached: CachedStatement,
  bound: readonly SqliteValue[],
  isCancelled: () => boolean,
  mayRunAgain: boolean,
): SqliteValue[][] {
  if (!mayRunAgain) readBigInts(cached);
  try {
    const rows = iterate(cached, bound, isCancelled);
    if (rows !== undefined) return rows;
  } catch (error) {
    if (cached.readsBigInts || !isTooLarge(error)) throw error;
  }
  readBigInts(cached);
  return iterate(cached, bound, isCancelled) ?? [];
}

/** Undefined when an integer was too large to be read as a number. Mostly Node says so itself, by an error. */
function iterate(
  { statement, readsBigInts }: CachedStatement,
  bound: readonly SqliteValue[],
  isCancelled: () => boolean,
): SqliteValue[][] | undefined {
  const rows: SqliteValue[][] = [];
  for (const row of statement.iterate(...bound) as Iterable<unknown>) {
    if (isCancelled()) break;
    const values = row as SqliteValue[];
    if (!readsBigInts && values.includes(unnoticed)) return undefined;
    rows.push(readsBigInts ? values.map(toNumberOrDigits) : values);
  }
  return rows;
}

/** The one integer that Node gives as a number although it is none of the safe ones; it may also be a float. */
const unnoticed = -(2 ** 63);

function readBigInts(cached: CachedStatement): void {
  cached.statement.setReadBigInts(true);
  cached.readsBigInts = true;
}

/** A number where a number holds it exactly, else its digits. */
function toNumberOrDigits(value: SqliteValue): SqliteValue {
  if (typeof value !== "bigint") return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

const isTooLarge = (error: unknown): boolean =>
  error instanceof RangeError && "code" in error && error.code === "ERR_OUT_OF_RANGE";

/**
 * Kysely passes values as they are written in TypeScript. SQLite has no boolean, and no time but as a text.
 * @throws TypeError for what it cannot hold
 */
function bindable(value: unknown): SqliteValue {
  if (typeof value === "boolean") return Number(value);
  if (value === undefined) return null;
  if (value instanceof Date) return utcText(value);
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value as SqliteValue;
  throw new TypeError(
    `Expected a text, a number, a boolean, a Date, bytes or null as a parameter, got ${JSON.stringify(value)}.`,
  );
}

function describe(error: unknown, inTransaction: boolean): QueryFailure {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && "errcode" in error ? error.errcode : undefined;
  return { message, resultCode: typeof code === "number" ? code : undefined, inTransaction };
}
