/** The request that a query belongs to, and the resources in the database that may block it. */
export interface QueryOrigin {
  /** The same object for all queries of one request. */
  readonly request: object;
  /** The tables that the query reads; for raw SQL, whose tables are unknown, the name of the call. */
  readonly resources: readonly string[];
}

const origins = new WeakMap<AbortSignal, QueryOrigin>();

/** Sets the origin of the queries that run with this signal: Kysely passes nothing but the signal to a driver. */
export function setOrigin(signal: AbortSignal, origin: QueryOrigin): void {
  origins.set(signal, origin);
}

/** The origin that `setOrigin` has set. Default: queries with the same signal are one request, a query without is its own. */
export const originOf = (signal: AbortSignal | undefined): QueryOrigin =>
  (signal && origins.get(signal)) ?? { request: signal ?? {}, resources: [] };
