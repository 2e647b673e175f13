import { type Driver, MysqlDialect, type TransactionSettings } from "kysely";
import type { ConnectionOptions } from "mysql2";
import { ServerDriver } from "../server/driver.ts";
import type { ServerOptions } from "../server/options.ts";
import { connectToMysql } from "./session.ts";
import { readMysqlValue } from "./values.ts";

/** The server's address and the login. */
export type MysqlTarget = Pick<
  ConnectionOptions,
  "host" | "port" | "socketPath" | "user" | "password" | "database" | "ssl"
>;

/** MySQL and MariaDB with `mysql2`. `docs/sql-types.md` lists the value of each column type. */
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
      // The session has its own timeout, which includes the settings after the handshake.
      connectTimeout: 0,
      // Literals are then compared by code point, like the columns.
      charset: "utf8mb4_bin",
      timezone: "Z",
      supportBigNumbers: true,
      typeCast: readMysqlValue,
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
