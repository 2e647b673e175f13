import type { AbortableQueryOptions } from "kysely";

/**
 * Options for `execute`: give up when the signal aborts, and stop the query in the database too. A query that still
 * waits for a connection never runs.
 *
 * @example db.selectFrom("city").selectAll().execute(stopWith(signal))
 */
export const stopWith = (signal: AbortSignal | undefined): AbortableQueryOptions =>
  signal === undefined ? {} : { signal, inflightQueryAbortStrategy: "cancel query" };
