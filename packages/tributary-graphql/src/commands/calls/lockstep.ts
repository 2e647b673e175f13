import { setTimeout as delay, setImmediate as nextRound } from "node:timers/promises";

/**
 * Rounds of the event loop without a new call, after which no more are coming. What runs between two calls is
 * promises and ticks, and each round drains all of those; several, because a loader may wait for a round itself.
 */
const quietRounds = 10;

/** How long a call that was let go may take to begin, in milliseconds. One that does not has found its answer without. */
const unbegunMs = 1000;

export interface LockstepOptions {
  /**
   * How long a call may run before the next one is let go beside it, in milliseconds. Default 10,000. Only a very slow
   * source meets this, or a call that waits for one that is held.
   */
  readonly stuckMs?: number;
}

/** A call that was let go. */
export interface Turn<About> {
  /** The call whose answer this one waited for, the last one if there were several; undefined for a call of step 1. */
  readonly after: Turn<About> | undefined;
  /** 1 for a call that waits for no other; else one more than the highest of those that it waited for. */
  readonly step: number;
  /** The argument of `hold`. */
  readonly about: About;
  /** The call has ended. */
  end(): void;
}

interface Held<About> extends Turn<About> {
  readonly letGo: () => void;
  step: number;
}

/**
 * Lets calls go in steps, so that how long a chain of calls is follows from the calls alone and never from how fast a
 * source answers. Every call is held until the process has nothing left to do; those that are held then are one step.
 * They are let go one after the other: what follows from the answer of each is held for the next step. A call's step
 * is so the length of the longest chain that ends with it.
 *
 * One after the other also fixes how loaders batch: keys that come from two answers are two batches, which in service
 * happens whenever the answers come apart. So what is counted is the most that a request may make, each time the same.
 */
export class Lockstep<About> {
  readonly #stuckMs: number;
  readonly #running = new Set<object>();
  #held: Held<About>[] = [];
  #lettingGo: Held<About>[] = [];
  #last: Turn<About> | undefined;
  #step = 0;
  #events = 0;
  #event = Promise.withResolvers<true>();
  #isOver = false;

  constructor({ stuckMs = 10_000 }: LockstepOptions = {}) {
    this.#stuckMs = stuckMs;
  }

  /** Settles when this call may start; at once when the driven function is done. */
  hold(about: About): Promise<void> {
    if (this.#isOver) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    const held: Held<About> = {
      about,
      after: this.#last,
      step: 0,
      letGo: resolve,
      end: () => {
        this.#running.delete(held);
        this.#happen();
      },
    };
    this.#held.push(held);
    this.#happen();
    return promise;
  }

  /** No call is let go until this has settled: it may make calls that belong to the same step. */
  waitFor(work: Promise<unknown>): void {
    const pending = {};
    this.#running.add(pending);
    const end = () => {
      this.#running.delete(pending);
      this.#happen();
    };
    work.then(end, end);
  }

  /** The driven function has settled: calls that come now are not held. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** A call starts. Undefined when it was not held: its step is then unknown. */
  begin(): Turn<About> | undefined {
    const begun = this.#lettingGo.shift();
    if (begun) this.#happen();
    return begun;
  }

  /** Lets calls go until `work` has settled. Never rejects; how `work` ended is for its owner to see. */
  async drive(work: Promise<unknown>): Promise<void> {
    const over = work.then(
      () => this.#finish(),
      () => this.#finish(),
    );
    while (!this.#isOver) {
      await this.#idle();
      if (this.#held.length === 0) await Promise.race([over, this.#event.promise]);
      else await this.#takeStep();
    }
  }

  async #takeStep(): Promise<void> {
    this.#step += 1;
    for (const call of this.#held.splice(0)) {
      call.step = this.#step;
      this.#running.add(call);
      this.#lettingGo.push(call);
      this.#last = call;
      call.letGo();
      await this.#idle();
    }
  }

  /** Until every call that was let go has ended and nothing more happens; or until nothing happens for too long. */
  async #idle(): Promise<void> {
    for (let rounds = 0; rounds < quietRounds && !this.#isOver; ) {
      const before = this.#events;
      if (this.#running.size === 0) await nextRound();
      else if (!(await this.#eventWithin(this.#patienceMs()))) this.#giveUp();
      rounds = this.#events === before ? rounds + 1 : 0;
    }
  }

  #patienceMs(): number {
    return this.#lettingGo.length > 0 ? Math.min(unbegunMs, this.#stuckMs) : this.#stuckMs;
  }

  /** Running work is not waited for any longer. A released call that has not begun found its answer elsewhere. */
  #giveUp(): void {
    this.#running.clear();
    this.#lettingGo = [];
  }

  async #eventWithin(milliseconds: number): Promise<boolean> {
    const timer = new AbortController();
    const tooLong = delay(milliseconds, false, { signal: timer.signal }).catch(() => false);
    const happened = await Promise.race([this.#event.promise, tooLong]);
    timer.abort();
    return happened;
  }

  #happen(): void {
    this.#events += 1;
    this.#event.resolve(true);
    this.#event = Promise.withResolvers<true>();
  }

  /** Held calls are released: their request has ended. */
  #finish(): void {
    this.#isOver = true;
    for (const { letGo } of this.#held.splice(0)) letGo();
    this.#happen();
  }
}
