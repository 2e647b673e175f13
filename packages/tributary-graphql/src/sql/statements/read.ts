import type { Compilable, CompiledQuery, Kysely, QueryResult, RawBuilder } from "kysely";
import { withOwnSignal } from "../../core/abort-listeners.ts";
import type { RequestScope } from "../../core/request-scope.ts";
import type { Database } from "../database.ts";
import { cancelOnAbort } from "../dialects/cancellation.ts";
import { setOrigin } from "../dialects/query-origin.ts";
import { databaseError } from "../errors/database-error.ts";
import { bindKeys } from "./compiled-statements.ts";
import { resourcesOf } from "./query-resources.ts";

/** The database's source name in the call log and in errors. */
export const databaseSource = "database";

/** The members of a request scope that a read needs: the call log, and the signal that cancels it. */
export type ReadScope = Pick<RequestScope, "calls" | "signal"> & Partial<Pick<RequestScope, "scheduleBatch">>;

/** A query of Kysely's query builder, or raw SQL. */
export type Readable<Row> = Compilable<Row> | RawBuilder<Row>;

/**
 * Runs one query as one entry of the call log with the name `call` and the number of distinct `keys`. The request's signal
 * cancels it; inside a transaction the cancellation causes a rollback.
 *
 * @throws DomainError `UPSTREAM_UNAVAILABLE` when the database cannot be reached, `DEADLINE_EXCEEDED` after the deadline,
 * `OVERLOADED` when too many queries wait for a connection
 */
export async function read<Schema, Row>(
  database: Database<Schema>,
  scope: ReadScope,
  call: string,
  keys: number,
  query: Readable<Row> | (() => CompiledQuery<Row>),
): Promise<Row[]> {
  await scope.calls.beforeCall?.();
  const compiled = typeof query === "function" ? query() : bindKeys(compile(database.db, query));
  const entry = scope.calls.begin(databaseSource, call, keys, compiled.sql);
  try {
    scope.signal.throwIfAborted();
    const { rows } = await run(database.db, scope.signal, call, compiled);
    entry.succeed(rows.length);
    return rows;
  } catch (error) {
    entry.fail();
    throw databaseError(error, call);
  }
}

function run<Schema, Row>(
  db: Kysely<Schema>,
  signal: AbortSignal,
  call: string,
  query: CompiledQuery<Row>,
): Promise<QueryResult<Row>> {
  if (db.isTransaction) return db.executeQuery<Row>(query);
  return withOwnSignal(signal, (own) => {
    setOrigin(own, { request: signal, resources: resourcesOf(call, query) });
    return db.executeQuery<Row>(query, cancelOnAbort(own));
  });
}

/** Compiles a query to SQL with placeholders and its parameters. */
export const compile = <Schema, Row>(db: Kysely<Schema>, query: Readable<Row>): CompiledQuery<Row> =>
  "isRawBuilder" in query ? query.compile(db) : query.compile();
