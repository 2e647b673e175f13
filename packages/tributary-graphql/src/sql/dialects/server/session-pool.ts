import { ConnectionQueue } from "../connection-queue.ts";
import type { QueryOrigin } from "../query-origin.ts";
import { type ConnectToServer, type ServerSession, silentServer } from "./session.ts";
import { within } from "./within.ts";

export interface PoolOptions {
  /** How many connections are open at most. */
  readonly size: number;
  /** How many queries may wait for one. */
  readonly maxWaiting: number;
  /** How long a connection stays open without being used, in milliseconds. */
  readonly idleTimeoutMs: number;
  /** A connection that was not used for so long has to answer before it is used again, in milliseconds. */
  readonly checkAfterIdleMs: number;
  /** How long it may take to answer then, in milliseconds. */
  readonly checkTimeoutMs: number;
}

/** A connection that is lent to one query or one transaction. */
export interface Loan {
  readonly session: ServerSession;
  /** Gives the connection back; it is closed instead when it can no longer be used. */
  release(): void;
}

interface Idle {
  readonly session: ServerSession;
  readonly since: number;
  readonly timer: NodeJS.Timeout;
}

/** Opens connections as they are needed, and keeps those that nobody uses for a while. */
export class SessionPool {
  readonly #connect: ConnectToServer;
  readonly #options: PoolOptions;
  readonly #queue: ConnectionQueue;
  /** The last one was used last and is used next, so that the others get old and are closed. */
  readonly #idle: Idle[] = [];
  readonly #ended = Promise.withResolvers<void>();
  #lent = 0;
  #isClosed = false;

  constructor(connect: ConnectToServer, options: PoolOptions) {
    this.#connect = connect;
    this.#options = options;
    this.#queue = new ConnectionQueue(options);
  }

  /**
   * A connection of one's own until it is released. After the signal has aborted, a wait for one never ends.
   *
   * @throws when the server cannot be reached; DomainError `OVERLOADED` when too many wait
   */
  async acquire(origin: QueryOrigin, signal?: AbortSignal): Promise<Loan> {
    if (this.#isClosed) throw closedPool();
    const leave = await this.#queue.enter(origin, signal);
    this.#lent++;
    try {
      const session = (await this.#takeIdle()) ?? (await this.#connect());
      return { session, release: () => this.#release(session, leave) };
    } catch (error) {
      this.#return(leave);
      throw error;
    }
  }

  /** One connection has gone silent, so others that came the same way may be silent too: those that are idle are closed. */
  suspect(): void {
    for (const idle of this.#idle.splice(0)) {
      clearTimeout(idle.timer);
      idle.session.destroy(silentServer("The connection was closed because another one had stopped to answer."));
    }
  }

  /** Closes every connection, those that are lent when they come back. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#queue.close(closedPool());
    const ends = this.#idle.splice(0).map(({ session, timer }) => {
      clearTimeout(timer);
      return session.end();
    });
    if (this.#lent === 0) this.#ended.resolve();
    await Promise.all([...ends, this.#ended.promise]);
  }

  async #takeIdle(): Promise<ServerSession | undefined> {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      clearTimeout(idle.timer);
      if (idle.session.isOpen && (await this.#answers(idle))) return idle.session;
    }
  }

  /** A network may forget a connection that nothing is sent on; a query would notice it only at its deadline. */
  async #answers({ session, since }: Idle): Promise<boolean> {
    const { checkAfterIdleMs, checkTimeoutMs } = this.#options;
    if (performance.now() - since < checkAfterIdleMs) return true;
    try {
      await within(session.run({ sql: "select 1", parameters: [] }), checkTimeoutMs, () => {
        this.suspect();
        return silentServer("The idle connection did not answer.");
      });
      return true;
    } catch (error) {
      session.destroy(error instanceof Error ? error : new Error(String(error)));
      return false;
    }
  }

  #release(session: ServerSession, leave: () => void): void {
    if (session.isOpen && !session.inTransaction && !this.#isClosed) this.#keep(session);
    else if (session.isOpen) void session.end();
    this.#return(leave);
  }

  #keep(session: ServerSession): void {
    const idle: Idle = {
      session,
      since: performance.now(),
      timer: setTimeout(() => {
        this.#idle.splice(this.#idle.indexOf(idle), 1);
        void session.end();
      }, this.#options.idleTimeoutMs),
    };
    this.#idle.push(idle);
  }

  #return(leave: () => void): void {
    this.#lent--;
    leave();
    if (this.#isClosed && this.#lent === 0) this.#ended.resolve();
  }
}

const closedPool = (): Error => new Error("driver has already been destroyed");
