import type { GraphQLError } from "graphql";
import { clientGoneStatus, type GraphQLRequest } from "../request/graphql-request.ts";
import { backstopMs } from "../request/request-lifetime.ts";
import { refusal } from "../security/refusal.ts";

/** `starting` until `markReady`, `draining` from the start of a graceful shutdown. */
export type LifecycleState = "starting" | "ready" | "draining";

export interface DrainTimes {
  /** How long running requests have to finish, in milliseconds. */
  readonly timeoutMs: number;
  /** How long connections that are kept may bring another request, in milliseconds; part of `timeoutMs`. */
  readonly idleGraceMs: number;
}

/** Whose connections end with the gateway. */
export interface DrainedServer {
  /** Has clients go elsewhere; fulfils when those have gone that nothing runs for, after `timeoutMs` at the latest. */
  leave(timeoutMs: number): Promise<void>;
  /** Fulfils when all connections are closed. */
  close(): Promise<void>;
  /** Cuts what is still open. */
  destroy(): void;
}

/** Whether the gateway takes requests, and which ones it still has to finish. */
export class Lifecycle {
  readonly #running = new Set<GraphQLRequest>();
  readonly #drainListeners = new Set<() => void>();
  readonly #idle = Promise.withResolvers<void>();
  #state: LifecycleState = "starting";
  #takesRequests = false;
  #drained: Promise<void> | undefined;

  get state(): LifecycleState {
    return this.#state;
  }

  /**
   * Whether a request may run: from `ready` on, and for a while after draining has begun, since a client cannot know yet
   * that it had better not ask over a connection that it has kept.
   */
  get takesRequests(): boolean {
    return this.#takesRequests;
  }

  /** The requests that have not ended. */
  get running(): ReadonlySet<GraphQLRequest> {
    return this.#running;
  }

  markReady(): void {
    if (this.#state !== "starting") return;
    this.#state = "ready";
    this.#takesRequests = true;
  }

  /** Counts a request as running until its lifetime ends. */
  track(request: GraphQLRequest): void {
    this.#running.add(request);
    const release = (): void => {
      this.#running.delete(request);
      this.#settle();
    };
    request.lifetime.hold({ release });
  }

  /**
   * Called when draining begins, at once when it has: what would otherwise never end has to end then. Gives the way to
   * no longer be called.
   */
  onDrain(listener: () => void): () => void {
    if (this.#state === "draining") listener();
    else this.#drainListeners.add(listener);
    return () => void this.#drainListeners.delete(listener);
  }

  /** Waits for what runs, at most `timeoutMs`; then stops it. Called again, gives the same promise. */
  drain(server: DrainedServer, times: DrainTimes): Promise<void> {
    this.#drained ??= this.#drain(server, times);
    return this.#drained;
  }

  async #drain(server: DrainedServer, { timeoutMs, idleGraceMs }: DrainTimes): Promise<void> {
    this.#state = "draining";
    for (const listener of this.#drainListeners) listener();
    let timer = setTimeout(() => {
      for (const { lifetime } of this.#running) lifetime.leave();
      server.destroy();
      // A hook of a plugin may never settle.
      timer = setTimeout(() => this.#endAll(), backstopMs);
    }, timeoutMs);
    await server.leave(Math.min(idleGraceMs, timeoutMs));
    this.#takesRequests = false;
    this.#settle();
    await Promise.all([server.close(), this.#idle.promise]);
    clearTimeout(timer);
  }

  #endAll(): void {
    for (const request of this.#running) request.end(clientGoneStatus);
  }

  #settle(): void {
    if (this.#state === "draining" && !this.#takesRequests && this.#running.size === 0) this.#idle.resolve();
  }
}

/** The refusal of a request that comes before the gateway is ready, or after it has shut down; undefined at other times. */
export function notReady({
  state,
  takesRequests,
}: Pick<Lifecycle, "state" | "takesRequests">): GraphQLError | undefined {
  if (takesRequests) return undefined;
  const message = state === "starting" ? "The gateway is still starting." : "The gateway is shutting down.";
  return refusal("OVERLOADED", message, { status: 503, headers: { "retry-after": "1" } });
}
