import type { QueryResult } from "kysely";
import type pg from "pg";
import { type ServerSession, type Statement, serverTimeoutError } from "../server/session.ts";
import { createSocket, keepAliveDelayMs } from "../server/socket.ts";
import { withTimeout } from "../server/with-timeout.ts";
import { requestCancel } from "./cancel.ts";
import { UtcClient } from "./client.ts";
import { inUtc } from "./parameters.ts";
import type { PreparedStatements } from "./prepared-statements.ts";
import type { PostgresTypes } from "./types.ts";

export interface PostgresOptions {
  readonly target: pg.ClientConfig;
  /** The parsers of column values; shared by all connections of a pool. */
  readonly types: PostgresTypes;
  /** Timeout of connecting, login and session settings included, in milliseconds. */
  readonly connectTimeoutMs: number;
  /** Which statements are prepared; shared by all connections of a pool. */
  readonly prepared: PreparedStatements;
}

/** Required session settings: a role or a database can have other defaults, which the server reports at login. */
const requiredSettings: Readonly<Record<string, { readonly isSet: RegExp; readonly statement: string }>> = {
  standard_conforming_strings: { isSet: /^on$/, statement: "set standard_conforming_strings = on" },
  IntervalStyle: { isSet: /^postgres$/, statement: "set intervalstyle = 'postgres'" },
};

/** Opens a connection to PostgreSQL. */
export async function connectToPostgres(options: PostgresOptions): Promise<PostgresSession> {
  const session = new PostgresSession(options);
  const { connectTimeoutMs } = options;
  try {
    await withTimeout(session.open(), connectTimeoutMs, () =>
      serverTimeoutError(`No connection to PostgreSQL within ${connectTimeoutMs} ms.`),
    );
    return session;
  } catch (error) {
    session.destroy(error instanceof Error ? error : new Error(String(error)));
    throw error;
  }
}

/** One connection of `pg`. */
export class PostgresSession implements ServerSession {
  readonly #socket = createSocket();
  readonly #client: pg.Client;
  readonly #prepared: PreparedStatements;
  /** False when a table has changed since this connection prepared statements. */
  #mayPrepare = true;
  #isOpen = true;

  constructor({ target, types, prepared }: PostgresOptions) {
    const stream = { stream: () => this.#socket, keepAlive: true, keepAliveInitialDelayMillis: keepAliveDelayMs };
    this.#client = new UtcClient({ ...target, types, ...stream });
    this.#prepared = prepared;
    types.useFor(this.#client);
    // The server has closed the connection. Without a listener this event would end the process.
    this.#client.on("error", () => {
      this.#isOpen = false;
      types.clear();
    });
    this.#client.on("end", () => {
      this.#isOpen = false;
    });
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get inTransaction(): boolean {
    const status = this.#client.getTransactionStatus();
    return status !== null && status !== "I";
  }

  /** Connects, and corrects the session settings. */
  async open(): Promise<void> {
    const reported = new Map<unknown, unknown>();
    this.#client.connection.on("parameterStatus", ({ parameterName, parameterValue }: Record<string, unknown>) =>
      reported.set(parameterName, parameterValue),
    );
    await this.#client.connect();
    const missing = Object.entries(requiredSettings).filter(
      ([name, { isSet }]) => reported.has(name) && !isSet.test(String(reported.get(name))),
    );
    for (const [, { statement }] of missing) await this.#client.query(statement);
  }

  async run<Row>({ sql, parameters }: Statement): Promise<QueryResult<Row>> {
    const { command, rowCount, rows } = await this.#send(sql, [...inUtc(parameters)]);
    if (command === "ROLLBACK" || command === "COMMIT") return { rows: [{ command } as Row] };
    return {
      rows: (rows ?? []) as Row[],
      numAffectedRows: writes.has(command) && rowCount !== null ? BigInt(rowCount) : undefined,
    };
  }

  async cancel(timeoutMs: number): Promise<void> {
    await requestCancel(this.#client, timeoutMs);
  }

  destroy(reason: Error): void {
    this.#isOpen = false;
    this.#socket.destroy(reason);
  }

  async end(): Promise<void> {
    this.#isOpen = false;
    const error = serverTimeoutError("The connection was closed: the server did not respond to its termination.");
    await withTimeout(this.#client.end(), endTimeoutMs, () => error).catch(() => this.#socket.destroy(error));
  }

  #send(text: string, values: unknown[]): Promise<pg.QueryResult> {
    const name = this.#mayPrepare && !this.inTransaction ? this.#prepared.nameOf(text) : undefined;
    if (name === undefined) return this.#client.query(text, values);
    return this.#client.query({ name, text, values }).catch(async (error: unknown) => {
      const reason = this.#prepared.failureReason(error);
      if (reason === undefined) throw error;
      const result = await this.#client.query(text, values);
      if (reason === "changed") this.#mayPrepare = false;
      return result;
    });
  }
}

const endTimeoutMs = 1_000;

/** For these commands, `rowCount` is the number of affected rows. */
const writes: ReadonlySet<string> = new Set(["INSERT", "UPDATE", "DELETE", "MERGE"]);
