import { type Driver, PostgresDialect, type TransactionSettings } from "kysely";
import type pg from "pg";
import { ServerDriver } from "../server/driver.ts";
import type { ServerOptions } from "../server/options.ts";
import { PreparedStatements } from "./prepared-statements.ts";
import { connectToPostgres } from "./session.ts";
import { PostgresTypes } from "./types.ts";

/** The server's address and the login. */
export interface PostgresTarget
  extends Pick<
    pg.ClientConfig,
    "host" | "port" | "user" | "password" | "database" | "ssl" | "application_name" | "enableChannelBinding"
  > {
  /** Whether the readers use prepared statements; false for a pooler that does not support them. */
  readonly preparesStatements: boolean;
}

/** PostgreSQL with `pg`. `docs/sql-types.md` lists the value of each column type. */
export class PostgresServerDialect extends PostgresDialect {
  readonly #target: PostgresTarget;
  readonly #options: ServerOptions;

  constructor(target: PostgresTarget, options: ServerOptions) {
    super({ pool: () => Promise.reject(new Error("Connections are opened by the driver of this dialect.")) });
    this.#target = target;
    this.#options = options;
  }

  override createDriver(): Driver {
    const { preparesStatements, ...target } = this.#target;
    const { connectTimeoutMs } = this.#options;
    const prepared = new PreparedStatements({ isEnabled: preparesStatements });
    const types = new PostgresTypes();
    return new ServerDriver({
      ...this.#options,
      connect: () => connectToPostgres({ target, types, connectTimeoutMs, prepared }),
      begin,
    });
  }
}

function begin({ isolationLevel, accessMode }: TransactionSettings): readonly string[] {
  const settings = [
    ...(isolationLevel ? [`isolation level ${isolationLevel}`] : []),
    ...(accessMode ? [accessMode] : []),
  ];
  return [settings.length === 0 ? "begin" : `start transaction ${settings.join(" ")}`];
}
