/** On whose behalf a query asks for a connection, and what it may have to wait for in the database. */
export interface QueryOrigin {
  /** The same object for all queries of one request. */
  readonly request: object;
  /** The tables that the query reads; for raw SQL, which does not say, the name of the call. */
  readonly resources: readonly string[];
}

const origins = new WeakMap<AbortSignal, QueryOrigin>();

/** Says where the queries that run with this signal come from: Kysely hands nothing but the signal to a driver. */
export function setOrigin(signal: AbortSignal, origin: QueryOrigin): void {
  origins.set(signal, origin);
}

/** Queries with one signal are of one request, unless `setOrigin` says more; a query without is on its own. */
export const originOf = (signal: AbortSignal | undefined): QueryOrigin =>
  (signal && origins.get(signal)) ?? { request: signal ?? {}, resources: [] };
