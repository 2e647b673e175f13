import { type Driver, PostgresDialect } from "kysely";
import pg from "pg";
import { quietAfterAbort } from "./abort.ts";
import { UtcClient } from "./postgres-client.ts";
import { PostgresTypes } from "./postgres-types.ts";
import { prepareStatements } from "./prepared-statements.ts";

export interface ServerOptions {
  readonly url: string;
  /** How many connections are open at most. */
  readonly poolSize: number;
  /** How long a query waits for a connection, in milliseconds. */
  readonly connectTimeoutMs: number;
}

/** PostgreSQL by `pg`. Which value a column of each type has: `docs/sql-types.md`. */
export function createPostgresDialect({ url, poolSize, connectTimeoutMs }: ServerOptions): PostgresDialect {
  const types = new PostgresTypes();
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    connectionTimeoutMillis: connectTimeoutMs,
    types,
    Client: UtcClient,
  });
  // A connection that the server ends says so by an event; with no listener it would end this process. The pool drops
  // such a connection, and the query that used it is rejected.
  pool.on("error", () => types.forget());
  pool.on("connect", (client) => {
    client.on("error", () => {});
    prepareStatements(client);
    types.useFor(client);
  });
  return new QuietPostgresDialect({ pool, controlClient: ControlClient });
}

class QuietPostgresDialect extends PostgresDialect {
  override createDriver(): Driver {
    return quietAfterAbort(super.createDriver());
  }
}

/** Kysely opens one to cancel a query. */
class ControlClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    this.on("error", () => {});
  }
}
