import { type Driver, MysqlDialect } from "kysely";
import { createConnection, createPool } from "mysql2";
import { quietAfterAbort } from "./abort.ts";
import { mysqlValue } from "./mysql-values.ts";
import type { ServerOptions } from "./postgres.ts";

/** MySQL and MariaDB by `mysql2`. Which value a column of each type has: `docs/sql-types.md`. */
export function createMysqlDialect({ url, poolSize, connectTimeoutMs }: ServerOptions): MysqlDialect {
  const pool = createPool({
    uri: url,
    connectionLimit: poolSize,
    connectTimeout: connectTimeoutMs,
    // Literals then compare by code point, as the columns do.
    charset: "utf8mb4_bin",
    timezone: "Z",
    supportBigNumbers: true,
    typeCast: mysqlValue,
  });
  // `timezone` is how the driver reads times; the server has to write them so. A failure shows in the query that follows.
  pool.on("connection", (connection) => connection.query("set time_zone = '+00:00'", () => {}));
  return new QuietMysqlDialect({ pool, controlConnection: createConnection });
}

class QuietMysqlDialect extends MysqlDialect {
  override createDriver(): Driver {
    return quietAfterAbort(super.createDriver());
  }
}
