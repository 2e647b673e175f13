import type { AbortableQueryOptions, Driver } from "kysely";
import { oneAfterAnother } from "./turns.ts";

/**
 * Options for `execute`: give up when the signal aborts, and stop the query in the database too. A query that still
 * waits for a connection never runs.
 *
 * @example db.selectFrom("city").selectAll().execute(stopWith(signal))
 */
export const stopWith = (signal: AbortSignal | undefined): AbortableQueryOptions =>
  signal === undefined ? {} : { signal, inflightQueryAbortStrategy: "cancel query" };

/**
 * Kysely prints to the console how a query ended that it had given up on. That a stopped query has stopped is no news,
 * and stopping one is best effort, so neither is told to it.
 */
export function quietAfterAbort(driver: Driver): Driver {
  const quiet = new WeakSet<object>();
  const acquire = driver.acquireConnection.bind(driver);
  driver.acquireConnection = async (options) => {
    const connection = await acquire(options);
    if (quiet.has(connection)) return connection;
    quiet.add(connection);
    const execute: typeof connection.executeQuery = connection.executeQuery.bind(connection);
    const cancel = connection.cancelQuery?.bind(connection);
    const inTurn = oneAfterAnother();
    connection.executeQuery = async (query, queryOptions) => {
      try {
        return await inTurn(() => execute(query, queryOptions));
      } catch (error) {
        if (queryOptions?.signal?.aborted) return { rows: [] };
        throw error;
      }
    };
    if (cancel !== undefined) connection.cancelQuery = (provider) => cancel(provider).catch(() => {});
    return connection;
  };
  return driver;
}
