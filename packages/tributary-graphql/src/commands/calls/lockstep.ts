import { setTimeout as delay, setImmediate as nextIteration } from "node:timers/promises";

/**
 * Event-loop iterations without an event, after which the process counts as idle. Between two calls there are only promises
 * and ticks, which one iteration drains; a loader may itself wait for an iteration, hence several.
 */
const idleIterations = 10;

/** How long a released call may take to begin, in milliseconds. Later it counts as not made: a cache may have answered. */
const beginTimeoutMs = 1000;

export interface LockstepOptions {
  /**
   * How long a call may run before the next call is released, in milliseconds. Default 10,000. It matters only for a very
   * slow source, and for a call that depends on a held one.
   */
  readonly callTimeoutMs?: number;
}

/** A call that may start, or has started. */
export interface ReleasedCall<Origin> {
  /** The last of the calls whose results this one waited for. Undefined in step 1. */
  readonly after: ReleasedCall<Origin> | undefined;
  /** 1 for a call that waits for no other, otherwise one more than the highest step that it waited for. */
  readonly step: number;
  /** The argument of `hold`. */
  readonly origin: Origin;
  /** Call it when the call has ended. */
  end(): void;
}

interface HeldCall<Origin> extends ReleasedCall<Origin> {
  readonly release: () => void;
  step: number;
}

/**
 * Releases calls in steps, so that the length of a chain depends on the calls only, and not on the speed of the sources.
 * Every call is held until the process is idle. The calls that are held then form a step, and are released one after the
 * other. The calls that follow from their results are held for the next step. So the step of a call is the length of the
 * longest chain that ends with it.
 *
 * This also makes DataLoader batches deterministic: keys that follow from two results are two batches, as in production
 * when the results arrive at different times. So the numbers are maximums, and the same in each run.
 */
export class Lockstep<Origin> {
  readonly #callTimeoutMs: number;
  readonly #running = new Set<object>();
  #held: HeldCall<Origin>[] = [];
  /** Released calls that have not begun. */
  #released: HeldCall<Origin>[] = [];
  #last: ReleasedCall<Origin> | undefined;
  #step = 0;
  #events = 0;
  #event = Promise.withResolvers<true>();
  #isOver = false;

  constructor({ callTimeoutMs = 10_000 }: LockstepOptions = {}) {
    this.#callTimeoutMs = callTimeoutMs;
  }

  /** Fulfils when this call may start; at once when the driven work has settled. */
  hold(origin: Origin): Promise<void> {
    if (this.#isOver) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    const held: HeldCall<Origin> = {
      origin,
      after: this.#last,
      step: 0,
      release: resolve,
      end: () => {
        this.#running.delete(held);
        this.#emit();
      },
    };
    this.#held.push(held);
    this.#emit();
    return promise;
  }

  /** Releases no call until `work` has settled: it may make calls of the same step. */
  waitFor(work: Promise<unknown>): void {
    const pending = {};
    this.#running.add(pending);
    const end = () => {
      this.#running.delete(pending);
      this.#emit();
    };
    work.then(end, end);
  }

  /** Whether the driven work has settled. Later calls are not held. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Marks the start of the call that was released first. Undefined for a call that was not held, whose step is unknown. */
  begin(): ReleasedCall<Origin> | undefined {
    const begun = this.#released.shift();
    if (begun) this.#emit();
    return begun;
  }

  /** Releases calls until `work` has settled. Never rejects, also when `work` does. */
  async drive(work: Promise<unknown>): Promise<void> {
    const over = work.then(
      () => this.#finish(),
      () => this.#finish(),
    );
    while (!this.#isOver) {
      await this.#idle();
      if (this.#held.length === 0) await Promise.race([over, this.#event.promise]);
      else await this.#releaseStep();
    }
  }

  async #releaseStep(): Promise<void> {
    this.#step += 1;
    for (const call of this.#held.splice(0)) {
      call.step = this.#step;
      this.#running.add(call);
      this.#released.push(call);
      this.#last = call;
      call.release();
      await this.#idle();
    }
  }

  /** Fulfils when all released calls have ended and the process is idle, or after the timeout. */
  async #idle(): Promise<void> {
    for (let iterations = 0; iterations < idleIterations && !this.#isOver; ) {
      const before = this.#events;
      if (this.#running.size === 0) await nextIteration();
      else if (!(await this.#eventWithin(this.#timeoutMs()))) this.#stopWaiting();
      iterations = this.#events === before ? iterations + 1 : 0;
    }
  }

  #timeoutMs(): number {
    return this.#released.length > 0 ? Math.min(beginTimeoutMs, this.#callTimeoutMs) : this.#callTimeoutMs;
  }

  #stopWaiting(): void {
    this.#running.clear();
    this.#released = [];
  }

  async #eventWithin(milliseconds: number): Promise<boolean> {
    const timer = new AbortController();
    const timeout = delay(milliseconds, false, { signal: timer.signal }).catch(() => false);
    const hasEvent = await Promise.race([this.#event.promise, timeout]);
    timer.abort();
    return hasEvent;
  }

  #emit(): void {
    this.#events += 1;
    this.#event.resolve(true);
    this.#event = Promise.withResolvers<true>();
  }

  /** Releases the held calls: their request has ended. */
  #finish(): void {
    this.#isOver = true;
    for (const { release } of this.#held.splice(0)) release();
    this.#emit();
  }
}
