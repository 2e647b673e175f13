import type { QueryResult } from "kysely";
import type pg from "pg";
import { type ServerSession, type Statement, silentServer } from "../server/session.ts";
import { createSocket, keepAliveDelayMs } from "../server/socket.ts";
import { within } from "../server/within.ts";
import { requestCancel } from "./cancel.ts";
import { UtcClient } from "./client.ts";
import { inUtc } from "./parameters.ts";
import type { PreparedStatements } from "./prepared-statements.ts";
import type { PostgresTypes } from "./types.ts";

export interface PostgresOptions {
  readonly target: pg.ClientConfig;
  /** How columns are read; one for all connections of a pool. */
  readonly types: PostgresTypes;
  /** How long a connection may take until it can be used, in milliseconds. */
  readonly connectTimeoutMs: number;
  /** Whether statements are prepared; one for all connections of a pool. */
  readonly prepared: PreparedStatements;
}

/**
 * Settings of the session on which the meaning of a text or the form of a value depends, where the server tells that they
 * are otherwise: a role or a database can have any as its default.
 */
const settings: Readonly<Record<string, { readonly isSet: RegExp; readonly statement: string }>> = {
  standard_conforming_strings: { isSet: /^on$/, statement: "set standard_conforming_strings = on" },
  IntervalStyle: { isSet: /^postgres$/, statement: "set intervalstyle = 'postgres'" },
};

/** Opens a connection to PostgreSQL. */
export async function connectToPostgres(options: PostgresOptions): Promise<PostgresSession> {
  const session = new PostgresSession(options);
  const { connectTimeoutMs } = options;
  try {
    await within(session.open(), connectTimeoutMs, () =>
      silentServer(`No connection to PostgreSQL within ${connectTimeoutMs} ms.`),
    );
    return session;
  } catch (error) {
    session.destroy(error instanceof Error ? error : new Error(String(error)));
    throw error;
  }
}

/** One connection by `pg`. */
export class PostgresSession implements ServerSession {
  readonly #socket = createSocket();
  readonly #client: pg.Client;
  readonly #prepared: PreparedStatements;
  /** False when a table has changed since statements on this connection were prepared. */
  #mayPrepare = true;
  #isOpen = true;

  constructor({ target, types, prepared }: PostgresOptions) {
    const stream = { stream: () => this.#socket, keepAlive: true, keepAliveInitialDelayMillis: keepAliveDelayMs };
    this.#client = new UtcClient({ ...target, types, ...stream });
    this.#prepared = prepared;
    types.useFor(this.#client);
    // A connection that the server ends says so by an event; with no listener it would end this process.
    this.#client.on("error", () => {
      this.#isOpen = false;
      types.forget();
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

  /** Connects, and sets what has to be set. */
  async open(): Promise<void> {
    const told = new Map<unknown, unknown>();
    this.#client.connection.on("parameterStatus", ({ parameterName, parameterValue }: Record<string, unknown>) =>
      told.set(parameterName, parameterValue),
    );
    await this.#client.connect();
    const missing = Object.entries(settings).filter(
      ([name, { isSet }]) => told.has(name) && !isSet.test(String(told.get(name))),
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
    const error = silentServer("The connection was closed: the server did not take leave.");
    await within(this.#client.end(), endTimeoutMs, () => error).catch(() => this.#socket.destroy(error));
  }

  #send(text: string, values: unknown[]): Promise<pg.QueryResult> {
    const name = this.#mayPrepare && !this.inTransaction ? this.#prepared.nameOf(text) : undefined;
    if (name === undefined) return this.#client.query(text, values);
    return this.#client.query({ name, text, values }).catch(async (error: unknown) => {
      const outcome = this.#prepared.refused(error);
      if (outcome === undefined) throw error;
      const result = await this.#client.query(text, values);
      if (outcome === "changed") this.#mayPrepare = false;
      return result;
    });
  }
}

const endTimeoutMs = 1_000;

/** Of these, `rowCount` is how many rows were changed. */
const writes: ReadonlySet<string> = new Set(["INSERT", "UPDATE", "DELETE", "MERGE"]);
