/** One SQLite connection in a thread of its own. `SqliteWorker` starts it and speaks `protocol.ts` with it. */
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";
import type {
  CloseRequest,
  QueryAnswer,
  QueryFailure,
  QueryRequest,
  SqliteValue,
  WorkerMessage,
  WorkerOptions,
} from "./protocol.ts";
import { StatementCache } from "./statement-cache.ts";

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
  port.on("message", (request: QueryRequest | CloseRequest) => {
    if ("close" in request) {
      database.close();
      port.close();
      return;
    }
    try {
      send(run(database, statements.get(request.sql), request, options.cancelled));
    } catch (error) {
      send({ failure: { id: request.id, ...describe(error, database.isTransaction) } });
    }
  });
  send({ opened: true });
}

function open({ file, readOnly, busyTimeoutMs }: WorkerOptions): DatabaseSync {
  const database = new DatabaseSync(file, { readOnly, timeout: busyTimeoutMs, enableForeignKeyConstraints: true });
  // WAL: readers and the writer do not wait for each other. NORMAL: a power cut may lose the last commits, never the file.
  if (!readOnly) database.exec("pragma journal_mode = wal; pragma synchronous = normal");
  return database;
}

function run(
  database: DatabaseSync,
  statement: StatementSync,
  { id, parameters }: QueryRequest,
  cancelled: Int32Array<SharedArrayBuffer>,
): QueryAnswer {
  const bound = parameters.map(bindable);
  if (statement.columns().length === 0) {
    const { changes, lastInsertRowid } = statement.run(...bound);
    return { id, columns: [], rows: [], changes, lastInsertRowid, inTransaction: database.isTransaction };
  }
  const rows: SqliteValue[][] = [];
  for (const row of statement.iterate(...bound) as Iterable<unknown>) {
    if (Atomics.load(cancelled, 0) === id) break;
    rows.push(row as SqliteValue[]);
  }
  // Asked for after the rows: SQLite prepares a statement again when another connection has changed the tables.
  const columns = rows.length === 0 ? [] : statement.columns().map((column) => column.name);
  return { id, columns, rows, inTransaction: database.isTransaction };
}

/** Kysely passes values as they are written in TypeScript; SQLite has no boolean. */
const bindable = (value: unknown): SqliteValue =>
  typeof value === "boolean" ? Number(value) : value === undefined ? null : (value as SqliteValue);

function describe(error: unknown, inTransaction: boolean): QueryFailure {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && "errcode" in error ? error.errcode : undefined;
  return { message, resultCode: typeof code === "number" ? code : undefined, inTransaction };
}
