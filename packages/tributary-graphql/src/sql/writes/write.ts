import type { Kysely, Transaction } from "kysely";
import { withOwnSignal } from "../../core/abort-listeners.ts";
import { setOrigin } from "../dialects/query-origin.ts";
import { databaseError } from "../errors/database-error.ts";
import { Loaders } from "../readers/loaders.ts";
import type { ReaderContext } from "../readers/reader-context.ts";
import { databaseSource } from "../statements/read.ts";
import { ChangeTracker } from "./change-tracker.ts";

/** The change trackers of the transactions that `write` has begun. */
const changesOf = new WeakMap<object, ChangeTracker>();

/**
 * Runs `work` in a transaction, or in the one that the readers belong to, as one entry of the call log whose `rows` are the
 * changed rows. Afterwards it clears the loaders of the changed tables, also after an error: when the connection is lost
 * during the commit, the outcome is unknown.
 *
 * When the request's signal aborts before the end, the transaction is rolled back.
 */
export async function write<Schema, Result>(
  { database, scope, loaders }: ReaderContext<Schema>,
  call: string,
  work: (trx: Transaction<Schema>) => Promise<Result>,
): Promise<Result> {
  await scope.calls.beforeCall?.();
  const entry = scope.calls.begin(databaseSource, call, 1);
  const changes = new ChangeTracker();
  try {
    scope.signal.throwIfAborted();
    const result = await transact(database.db, scope.signal, call, async (trx) => {
      scope.signal.throwIfAborted();
      const tracked = trx.withPlugin(changes);
      changesOf.set(tracked, changes);
      const result = await work(tracked);
      scope.signal.throwIfAborted();
      return result;
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
 * The signal ends the wait for a connection and cancels the running statement. On SQLite it does not end the wait for the
 * writer.
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

/** The context of the readers inside a transaction. Changes that `write` tracks there clear their loaders, too. */
export function contextWithin<Schema>(
  { database, scope, types }: ReaderContext<Schema>,
  trx: Transaction<Schema>,
): ReaderContext<Schema> {
  const loaders = new Loaders(scope.scheduleBatch);
  changesOf.get(trx)?.onWrite((tables) => loaders.clear(tables));
  return { database: { ...database, db: trx }, scope, loaders, types };
}
