import type { Dialect } from "kysely";
import type { ServerOptions } from "./options.ts";
import { loadTls } from "./tls.ts";
import type { ServerAddress } from "./url.ts";

export interface ServerLimits {
  readonly poolSize: number;
  readonly maxWaiting: number;
  readonly connectTimeoutMs: number;
  readonly stopTimeoutMs: number;
  readonly statementTimeoutMs: number;
}

/** Imports only the driver that is needed: both together take 0.1 s. */
export async function loadServerDialect(
  kind: "postgres" | "mysql",
  server: ServerAddress,
  limits: ServerLimits,
): Promise<Dialect> {
  const tls = await loadTls(server.tls, server.tlsFiles);
  const { host, port, socket, user, password, database } = server;
  const options = serverOptions(server, limits);
  if (kind === "postgres") {
    const { PostgresServerDialect } = await import("../postgres/dialect.ts");
    const { applicationName, preparesStatements, bindsChannel } = server;
    // If `ssl` is undefined, `pg` uses the environment variable `PGSSLMODE`.
    const ssl = server.tls === "disable" ? false : tls;
    const target = { host, port, user, password, database, ssl, enableChannelBinding: bindsChannel };
    return new PostgresServerDialect({ ...target, application_name: applicationName, preparesStatements }, options);
  }
  const { MysqlServerDialect } = await import("../mysql/dialect.ts");
  const { checkServerIdentity, ...files } = tls ?? { rejectUnauthorized: true };
  const ssl = tls && { ...files, verifyIdentity: files.rejectUnauthorized && checkServerIdentity === undefined };
  return new MysqlServerDialect({ host, port, socketPath: socket, user, password, database, ssl }, options);
}

function serverOptions(server: ServerAddress, limits: ServerLimits): ServerOptions {
  return {
    pool: {
      size: server.poolSize ?? limits.poolSize,
      maxWaiting: limits.maxWaiting,
      idleTimeoutMs: 30_000,
      checkAfterIdleMs: 5_000,
      checkTimeoutMs: 1_000,
    },
    connectTimeoutMs: server.connectTimeoutMs ?? limits.connectTimeoutMs,
    stopTimeoutMs: limits.stopTimeoutMs,
    statementTimeoutMs: limits.statementTimeoutMs,
  };
}
