import type { AbortableQueryOptions } from "kysely";

/**
 * Options for `execute` that cancel the query when the signal aborts, also in the database. A query that still waits for
 * a connection never runs.
 *
 * @example db.selectFrom("city").selectAll().execute(cancelOnAbort(signal))
 */
export const cancelOnAbort = (signal: AbortSignal | undefined): AbortableQueryOptions =>
  signal === undefined ? {} : { signal, inflightQueryAbortStrategy: "cancel query" };
