import type { Compilable, CompiledQuery, Kysely, QueryResult, RawBuilder } from "kysely";
import { withOwnSignal } from "../../core/abort-listeners.ts";
import type { RequestScope } from "../../core/request-scope.ts";
import type { Database } from "../database.ts";
import { stopWith } from "../dialects/abort.ts";
import { setOrigin } from "../dialects/query-origin.ts";
import { databaseError } from "../errors/database-error.ts";
import { withKeys } from "./keyed-statement.ts";
import { resourcesOf } from "./query-resources.ts";

/** The name that the database has in the call log and in errors. */
export const databaseSource = "database";

/** The members of a request that a read needs: the call log, and the signal that cancels it. */
export type ReadScope = Pick<RequestScope, "calls" | "signal"> & Partial<Pick<RequestScope, "scheduleBatch">>;

/** A query of the builder, or raw SQL. */
export type Readable<Row> = Compilable<Row> | RawBuilder<Row>;

/**
 * Runs one query as one entry of the call log: `call` names it, `keys` is the number of distinct keys asked for. Stops
 * when the request does, inside a transaction as well: it is rolled back then.
 *
 * @throws DomainError `UPSTREAM_UNAVAILABLE` when the database cannot be reached, `DEADLINE_EXCEEDED` when time is up,
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
  const compiled = typeof query === "function" ? query() : withKeys(compile(database.db, query));
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
    return db.executeQuery<Row>(query, stopWith(own));
  });
}

/** The text of a query, with the placeholders of its parameters. */
export const compile = <Schema, Row>(db: Kysely<Schema>, query: Readable<Row>): CompiledQuery<Row> =>
  "isRawBuilder" in query ? query.compile(db) : query.compile();
