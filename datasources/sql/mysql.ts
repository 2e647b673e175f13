import { type Driver, MysqlDialect } from "kysely";
import { createConnection, createPool } from "mysql2";
import { quietAfterAbort } from "./abort.ts";
import type { ServerOptions } from "./postgres.ts";

/** MySQL and MariaDB by `mysql2`. A `bigint` is a number where a number holds it exactly, else its digits as a string. */
export function createMysqlDialect({ url, poolSize, connectTimeoutMs }: ServerOptions): MysqlDialect {
  const pool = createPool({
    uri: url,
    connectionLimit: poolSize,
    connectTimeout: connectTimeoutMs,
    // Literals then compare by code point, as the columns do.
    charset: "utf8mb4_bin",
    timezone: "Z",
    supportBigNumbers: true,
  });
  return new QuietMysqlDialect({ pool, controlConnection: createConnection });
}

class QuietMysqlDialect extends MysqlDialect {
  override createDriver(): Driver {
    return quietAfterAbort(super.createDriver());
  }
}
