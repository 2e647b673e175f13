import type { QueryResult } from "kysely";
import {
  type Connection,
  type ConnectionOptions,
  createConnection,
  type QueryError,
  type ResultSetHeader,
} from "mysql2";
import { type ServerSession, type Statement, serverTimeoutError } from "../server/session.ts";
import { createSocket } from "../server/socket.ts";
import { withTimeout } from "../server/with-timeout.ts";
import { mysqlParameter } from "./parameter.ts";

export interface MysqlOptions {
  readonly connection: ConnectionOptions;
  /** Timeout of connecting, login and session settings included, in milliseconds. */
  readonly connectTimeoutMs: number;
}

/**
 * `time_zone`: the driver parses times as UTC. `sql_mode`: backslashes in values and in Kysely's literals are doubled,
 * which NO_BACKSLASH_ESCAPES would read as two.
 */
const settings = "set time_zone = '+00:00', sql_mode = replace(@@sql_mode, 'NO_BACKSLASH_ESCAPES', '')";

/** Opens a connection to MySQL or MariaDB. */
export async function connectToMysql(options: MysqlOptions): Promise<MysqlSession> {
  const session = new MysqlSession(options);
  const { connectTimeoutMs } = options;
  try {
    await withTimeout(session.open(), connectTimeoutMs, () =>
      serverTimeoutError(`No connection to MySQL within ${connectTimeoutMs} ms.`),
    );
    return session;
  } catch (error) {
    session.destroy(error instanceof Error ? error : new Error(String(error)));
    throw error;
  }
}

/** One connection of `mysql2`. */
export class MysqlSession implements ServerSession {
  readonly #options: MysqlOptions;
  readonly #socket = createSocket();
  readonly #connection: Connection;
  /** The reject functions of pending calls. */
  readonly #pending = new Set<(reason: Error) => void>();
  #isOpen = true;
  #inTransaction = false;

  constructor(options: MysqlOptions) {
    this.#options = options;
    const { host = "localhost", port = 3306, socketPath } = options.connection;
    this.#socket.connect(socketPath === undefined ? { host, port } : { path: socketPath });
    // Node verifies the certificate against `_host` but sets it only for host names; for an IP address it would use
    // "localhost".
    Object.assign(this.#socket, { _host: host });
    this.#connection = createConnection({ ...options.connection, stream: () => this.#socket });
    // The server has closed the connection. Without a listener this event would end the process.
    this.#connection.on("error", (error) => this.#end(error));
    this.#socket.on("close", () => this.#end(lostConnection()));
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get inTransaction(): boolean {
    return this.#inTransaction;
  }

  /** Waits for the handshake, and applies the session settings. */
  async open(): Promise<void> {
    await this.connected();
    await this.#applySettings();
  }

  async run<Row>({ sql, parameters }: Statement): Promise<QueryResult<Row>> {
    const result = await this.#query(sql, parameters.map(mysqlParameter));
    if (!isHeader(result)) return { rows: Array.isArray(result) ? result : [] };
    const { insertId, affectedRows, changedRows, serverStatus } = result;
    this.#inTransaction = (serverStatus & inTransactionFlag) !== 0;
    if ((serverStatus & noBackslashEscapesFlag) !== 0) await this.#applySettings();
    return {
      rows: [],
      insertId: String(insertId) === "0" ? undefined : BigInt(insertId),
      numAffectedRows: BigInt(affectedRows),
      numChangedRows: changedRows === undefined ? undefined : BigInt(changedRows),
    };
  }

  async cancel(timeoutMs: number): Promise<void> {
    const control = new MysqlSession(this.#options);
    try {
      const killed = control.connected().then(() => control.kill(this.#connection.threadId));
      await withTimeout(killed, timeoutMs, () => serverTimeoutError("No response to `kill query`."));
    } finally {
      control.destroy(lostConnection());
    }
  }

  /** Waits for the handshake. */
  connected(): Promise<void> {
    return this.#call((done) => this.#connection.connect(done));
  }

  async kill(threadId: number): Promise<void> {
    await this.#query(`kill query ${threadId}`);
  }

  destroy(reason: Error): void {
    this.#end(reason);
    this.#socket.destroy();
  }

  async end(): Promise<void> {
    this.#isOpen = false;
    const ended = this.#call((done) => this.#connection.end((error) => done(error)));
    await withTimeout(ended, endTimeoutMs, lostConnection).catch(() => {});
    this.destroy(lostConnection());
  }

  /** @throws Error when the server, or a proxy in front of it, keeps NO_BACKSLASH_ESCAPES */
  async #applySettings(): Promise<void> {
    const result = await this.#query(settings);
    if (isHeader(result) && (result.serverStatus & noBackslashEscapesFlag) === 0) return;
    const error = new Error(
      "The server keeps NO_BACKSLASH_ESCAPES in sql_mode: values with backslashes would be stored wrong.",
    );
    this.destroy(error);
    throw error;
  }

  #query(sql: string, values: readonly unknown[] = []): Promise<unknown> {
    return this.#call((done) => this.#connection.query(sql, [...values], done));
  }

  /** Some methods of mysql2 never call back when the connection is closed. */
  #call<Value = void>(
    start: (done: (error: QueryError | null | undefined, value?: Value) => void) => void,
  ): Promise<Value> {
    const { promise, resolve, reject } = Promise.withResolvers<Value>();
    this.#pending.add(reject);
    start((error, value) => {
      this.#pending.delete(reject);
      if (error) reject(error);
      else resolve(value as Value);
    });
    return promise;
  }

  #end(reason: Error): void {
    this.#isOpen = false;
    for (const reject of this.#pending) reject(reason);
    this.#pending.clear();
  }
}

const endTimeoutMs = 1_000;

/** Bits of the protocol's `SERVER_STATUS_flags_enum`. */
const inTransactionFlag = 1;
const noBackslashEscapesFlag = 512;

const isHeader = (result: unknown): result is ResultSetHeader =>
  typeof result === "object" && result !== null && "affectedRows" in result && "insertId" in result;

const lostConnection = (): Error =>
  Object.assign(new Error("Connection lost: The server closed the connection."), { code: "PROTOCOL_CONNECTION_LOST" });
