import type { RequestRun } from "../request-run.ts";
import type { NodeServer } from "./node-server.ts";

/** `starting` until the owner says it is ready, `draining` from the moment it is told to close. */
export type LifecycleState = "starting" | "ready" | "draining";

/** Whether the gateway takes requests, and which ones it still has to finish. */
export class Lifecycle {
  readonly #running = new Set<RequestRun>();
  readonly #drainListeners = new Set<() => void>();
  readonly #idle = Promise.withResolvers<void>();
  #state: LifecycleState = "starting";
  #drained: Promise<void> | undefined;

  get state(): LifecycleState {
    return this.#state;
  }

  markReady(): void {
    if (this.#state === "starting") this.#state = "ready";
  }

  /** Counts a request as running until its lifetime ends. */
  track(run: RequestRun): void {
    this.#running.add(run);
    run.lifetime.onEnd(() => {
      this.#running.delete(run);
      this.#settle();
    });
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
  drain(server: NodeServer | undefined, timeoutMs: number): Promise<void> {
    this.#drained ??= this.#drain(server, timeoutMs);
    return this.#drained;
  }

  async #drain(server: NodeServer | undefined, timeoutMs: number): Promise<void> {
    this.#state = "draining";
    for (const listener of this.#drainListeners) listener();
    this.#settle();
    const timer = setTimeout(() => {
      for (const { lifetime } of this.#running) lifetime.leave();
      server?.destroy();
    }, timeoutMs);
    await Promise.all([server?.close(), this.#idle.promise]);
    clearTimeout(timer);
  }

  #settle(): void {
    if (this.#state === "draining" && this.#running.size === 0) this.#idle.resolve();
  }
}
