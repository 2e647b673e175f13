import { type Driver, MysqlDialect, type TransactionSettings } from "kysely";
import type { ConnectionOptions } from "mysql2";
import { ServerDriver } from "../server/driver.ts";
import type { ServerOptions } from "../server/options.ts";
import { connectToMysql } from "./session.ts";
import { mysqlValue } from "./values.ts";

/** Where the server is, and who asks. */
export type MysqlTarget = Pick<
  ConnectionOptions,
  "host" | "port" | "socketPath" | "user" | "password" | "database" | "ssl"
>;

/** MySQL and MariaDB by `mysql2`. Which value a column of each type has: `docs/sql-types.md`. */
export class MysqlServerDialect extends MysqlDialect {
  readonly #target: MysqlTarget;
  readonly #options: ServerOptions;

  constructor(target: MysqlTarget, options: ServerOptions) {
    super({ pool: () => Promise.reject(new Error("Connections are opened by the driver of this dialect.")) });
    this.#target = target;
    this.#options = options;
  }

  override createDriver(): Driver {
    const { connectTimeoutMs } = this.#options;
    const connection: ConnectionOptions = {
      ...this.#target,
      // The session has a limit of its own, for what follows the handshake as well.
      connectTimeout: 0,
      // Literals then compare by code point, as the columns do.
      charset: "utf8mb4_bin",
      timezone: "Z",
      supportBigNumbers: true,
      typeCast: mysqlValue,
    };
    return new ServerDriver({
      ...this.#options,
      connect: () => connectToMysql({ connection, connectTimeoutMs }),
      begin,
    });
  }
}

function begin({ isolationLevel, accessMode }: TransactionSettings): readonly string[] {
  const settings = [
    ...(isolationLevel ? [`isolation level ${isolationLevel}`] : []),
    ...(accessMode ? [accessMode] : []),
  ];
  return settings.length === 0 ? ["begin"] : [`set transaction ${settings.join(", ")}`, "begin"];
}
