import type { QueryResult } from "kysely";
import {
  type Connection,
  type ConnectionOptions,
  createConnection,
  type QueryError,
  type ResultSetHeader,
} from "mysql2";
import { type ServerSession, type Statement, silentServer } from "../server/session.ts";
import { createSocket } from "../server/socket.ts";
import { within } from "../server/within.ts";
import { mysqlParameter } from "./parameter.ts";

export interface MysqlOptions {
  readonly connection: ConnectionOptions;
  /** How long a connection may take until it can be used, in milliseconds. */
  readonly connectTimeoutMs: number;
}

/**
 * `time_zone`: the driver reads times as UTC, so the server has to write them so. `sql_mode`: a backslash in a value, or in
 * a literal of Kysely, is doubled, and a server in NO_BACKSLASH_ESCAPES would take it for two.
 */
const settings = "set time_zone = '+00:00', sql_mode = replace(@@sql_mode, 'NO_BACKSLASH_ESCAPES', '')";

/** Opens a connection to MySQL or MariaDB. */
export async function connectToMysql(options: MysqlOptions): Promise<MysqlSession> {
  const session = new MysqlSession(options);
  const { connectTimeoutMs } = options;
  try {
    await within(session.open(), connectTimeoutMs, () =>
      silentServer(`No connection to MySQL within ${connectTimeoutMs} ms.`),
    );
    return session;
  } catch (error) {
    session.destroy(error instanceof Error ? error : new Error(String(error)));
    throw error;
  }
}

/** One connection by `mysql2`. */
export class MysqlSession implements ServerSession {
  readonly #options: MysqlOptions;
  readonly #socket = createSocket();
  readonly #connection: Connection;
  /** Rejects the calls that have no answer yet. */
  readonly #pending = new Set<(reason: Error) => void>();
  #isOpen = true;
  #inTransaction = false;

  constructor(options: MysqlOptions) {
    this.#options = options;
    const { host = "localhost", port = 3306, socketPath } = options.connection;
    this.#socket.connect(socketPath === undefined ? { host, port } : { path: socketPath });
    // Node compares a certificate with this, and remembers it of names alone: an address would have to be "localhost".
    Object.assign(this.#socket, { _host: host });
    this.#connection = createConnection({ ...options.connection, stream: () => this.#socket });
    // A connection that the server ends says so by an event; with no listener it would end this process.
    this.#connection.on("error", (error) => this.#end(error));
    this.#socket.on("close", () => this.#end(lostConnection()));
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get inTransaction(): boolean {
    return this.#inTransaction;
  }

  /** Waits for the handshake, and sets what has to be set. */
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
      await within(killed, timeoutMs, () => silentServer("No answer to `kill query`."));
    } finally {
      control.destroy(lostConnection());
    }
  }

  /** Waits for the handshake alone. */
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
    const left = this.#call((done) => this.#connection.end((error) => done(error)));
    await within(left, endTimeoutMs, lostConnection).catch(() => {});
    this.destroy(lostConnection());
  }

  /** @throws Error where the server, or a proxy before it, keeps the mode all the same */
  async #applySettings(): Promise<void> {
    const result = await this.#query(settings);
    if (isHeader(result) && (result.serverStatus & noBackslashEscapesFlag) === 0) return;
    const error = new Error(
      "The server keeps this session in NO_BACKSLASH_ESCAPES, and values would not arrive as sent.",
    );
    this.destroy(error);
    throw error;
  }

  #query(sql: string, values: readonly unknown[] = []): Promise<unknown> {
    return this.#call((done) => this.#connection.query(sql, [...values], done));
  }

  /** mysql2 never calls back some of its calls when the connection is closed. */
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
