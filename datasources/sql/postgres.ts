import { type Driver, PostgresDialect } from "kysely";
import pg from "pg";
import { quietAfterAbort } from "./abort.ts";
import { prepareStatements } from "./prepared-statements.ts";

export interface ServerOptions {
  readonly url: string;
  /** How many connections are open at most. */
  readonly poolSize: number;
  /** How long a query waits for a connection, in milliseconds. */
  readonly connectTimeoutMs: number;
}

/** PostgreSQL by `pg`. A count or sum (`int8`) is a number where a number holds it exactly, else its digits as a string. */
export function createPostgresDialect({ url, poolSize, connectTimeoutMs }: ServerOptions): PostgresDialect {
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    connectionTimeoutMillis: connectTimeoutMs,
    types: { getTypeParser },
  });
  // A connection that the server ends says so by an event; with no listener it would end this process. The pool drops
  // such a connection, and the query that used it is rejected.
  pool.on("error", () => {});
  pool.on("connect", (client) => {
    client.on("error", () => {});
    prepareStatements(client);
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

const int8Oid = pg.types.builtins.INT8;

const getTypeParser: typeof pg.types.getTypeParser = (oid: number, format?: "text" | "binary") =>
  oid === int8Oid && format !== "binary" ? parseInt8 : pg.types.getTypeParser(oid, format as "text");

function parseInt8(digits: string): number | string {
  const value = Number(digits);
  return Number.isSafeInteger(value) ? value : digits;
}
