import { FairSemaphore } from "../fair-semaphore.ts";
import type { QueryOrigin } from "../query-origin.ts";
import { type ConnectToServer, type ServerSession, serverTimeoutError } from "./session.ts";
import { withTimeout } from "./with-timeout.ts";

export interface PoolOptions {
  /** The maximum number of open connections. */
  readonly size: number;
  /** How many queries may wait for a connection. */
  readonly maxWaiting: number;
  /** After this idle time a connection is closed, in milliseconds. */
  readonly idleTimeoutMs: number;
  /** After this idle time a connection is checked before it is used again, in milliseconds. */
  readonly checkAfterIdleMs: number;
  /** Timeout of that check, in milliseconds. */
  readonly checkTimeoutMs: number;
}

/** A connection acquired for one query or one transaction. */
export interface AcquiredSession {
  readonly session: ServerSession;
  /** Returns the connection to the pool, or closes it when it cannot be used again. */
  release(): void;
}

interface Idle {
  readonly session: ServerSession;
  readonly since: number;
  readonly timer: NodeJS.Timeout;
}

/** A connection pool. It opens connections on demand and closes idle ones. */
export class SessionPool {
  readonly #connect: ConnectToServer;
  readonly #options: PoolOptions;
  readonly #semaphore: FairSemaphore;
  /** A stack: the connection used last is used next, so that surplus ones reach the idle timeout. */
  readonly #idle: Idle[] = [];
  readonly #drained = Promise.withResolvers<void>();
  #inUse = 0;
  #isClosed = false;

  constructor(connect: ConnectToServer, options: PoolOptions) {
    this.#connect = connect;
    this.#options = options;
    this.#semaphore = new FairSemaphore(options);
  }

  /**
   * Acquires a connection for exclusive use. When the signal aborts during the wait, the promise never settles.
   *
   * @throws when the server cannot be reached; DomainError `OVERLOADED` when too many queries wait
   */
  async acquire(origin: QueryOrigin, signal?: AbortSignal): Promise<AcquiredSession> {
    if (this.#isClosed) throw poolClosedError();
    const releasePermit = await this.#semaphore.acquire(origin, signal);
    this.#inUse++;
    try {
      const session = (await this.#takeIdle()) ?? (await this.#connect());
      return { session, release: () => this.#release(session, releasePermit) };
    } catch (error) {
      this.#return(releasePermit);
      throw error;
    }
  }

  /** Closes the idle connections: when one connection stops responding, others over the same network may have, too. */
  closeIdle(): void {
    for (const idle of this.#idle.splice(0)) {
      clearTimeout(idle.timer);
      idle.session.destroy(
        serverTimeoutError("The connection was closed because another one to this server stopped responding."),
      );
    }
  }

  /** Closes every connection; those in use when they are released. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#semaphore.close(poolClosedError());
    const ends = this.#idle.splice(0).map(({ session, timer }) => {
      clearTimeout(timer);
      return session.end();
    });
    if (this.#inUse === 0) this.#drained.resolve();
    await Promise.all([...ends, this.#drained.promise]);
  }

  async #takeIdle(): Promise<ServerSession | undefined> {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      clearTimeout(idle.timer);
      if (idle.session.isOpen && (await this.#isResponsive(idle))) return idle.session;
    }
  }

  /** A firewall or NAT may drop an idle connection silently; a query would notice it only at its deadline. */
  async #isResponsive({ session, since }: Idle): Promise<boolean> {
    const { checkAfterIdleMs, checkTimeoutMs } = this.#options;
    if (performance.now() - since < checkAfterIdleMs) return true;
    try {
      await withTimeout(session.run({ sql: "select 1", parameters: [] }), checkTimeoutMs, () => {
        this.closeIdle();
        return serverTimeoutError("The idle connection did not respond.");
      });
      return true;
    } catch (error) {
      session.destroy(error instanceof Error ? error : new Error(String(error)));
      return false;
    }
  }

  #release(session: ServerSession, releasePermit: () => void): void {
    if (session.isOpen && !session.inTransaction && !this.#isClosed) this.#keep(session);
    else if (session.isOpen) void session.end();
    this.#return(releasePermit);
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

  #return(releasePermit: () => void): void {
    this.#inUse--;
    releasePermit();
    if (this.#isClosed && this.#inUse === 0) this.#drained.resolve();
  }
}

const poolClosedError = (): Error => new Error("driver has already been destroyed");
