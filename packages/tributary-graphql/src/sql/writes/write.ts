import type { Kysely, Transaction } from "kysely";
import { withOwnSignal } from "../../core/abort-listeners.ts";
import { setOrigin } from "../dialects/query-origin.ts";
import { databaseError } from "../errors/database-error.ts";
import { Loaders } from "../readers/loaders.ts";
import type { ReaderContext } from "../readers/reader-context.ts";
import { databaseSource } from "../statements/read.ts";
import { Changes } from "./changes.ts";

/** Calls back about the transactions that `write` has begun. */
const changesOf = new WeakMap<object, Changes>();

/**
 * Runs `work` in a transaction, or inside of the one that the readers belong to, as one entry of the call log: its rows
 * are those that were changed. Whether it succeeds or not, the loaders of every table that it wrote to are cleared: when
 * the connection is lost at the end, nobody knows whether the transaction was committed.
 *
 * When the request has been given up before the end, the transaction is rolled back.
 */
export async function write<Schema, Result>(
  { database, scope, loaders }: ReaderContext<Schema>,
  call: string,
  work: (trx: Transaction<Schema>) => Promise<Result>,
): Promise<Result> {
  await scope.calls.beforeCall?.();
  const entry = scope.calls.begin(databaseSource, call, 1);
  const changes = new Changes();
  try {
    scope.signal.throwIfAborted();
    const result = await transact(database.db, scope.signal, call, async (trx) => {
      scope.signal.throwIfAborted();
      const watched = trx.withPlugin(changes);
      changesOf.set(watched, changes);
      const done = await work(watched);
      scope.signal.throwIfAborted();
      return done;
    });
    entry.succeed(changes.rows);
    return result;
  } catch (error) {
    entry.fail();
    throw databaseError(error, call);
  } finally {
    loaders.clear(changes.tables);
  }
}

/**
 * Waits for a connection no longer than the request does, and stops the statement that runs when the request ends;
 * SQLite's one writer is waited for to the end.
 */
function transact<Schema, Result>(
  db: Kysely<Schema>,
  signal: AbortSignal,
  call: string,
  work: (trx: Transaction<Schema>) => Promise<Result>,
): Promise<Result> {
  if (isTransaction(db)) return work(db);
  return withOwnSignal(signal, (own) => {
    setOrigin(own, { request: signal, resources: [`call ${call}`] });
    return db.connection().execute((connection) => connection.transaction().execute(work), { signal: own });
  });
}

const isTransaction = <Schema>(db: Kysely<Schema>): db is Transaction<Schema> => db.isTransaction;

/** For readers inside a transaction. What `write` sees change there is read again there too. */
export function contextWithin<Schema>(
  { database, scope, types }: ReaderContext<Schema>,
  trx: Transaction<Schema>,
): ReaderContext<Schema> {
  const loaders = new Loaders(scope.scheduleBatch);
  changesOf.get(trx)?.onWrite((tables) => loaders.clear(tables));
  return { database: { ...database, db: trx }, scope, loaders, types };
}
