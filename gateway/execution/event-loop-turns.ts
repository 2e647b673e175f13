/** How long executions work in one turn of the event loop, all of them together, in milliseconds. */
const workMs = 10;

/**
 * The same for small results, whose resolvers have to be slow to take so long; of the thread's own time, since a busy
 * machine is no reason to pause. A DataLoader that is not made with `scheduleBatch` has further batches after a pause.
 */
const cpuMsOfSmall = 200;

/**
 * Shares the event loop between executions and everything else: when they have worked for 10 ms in one turn of it, what is
 * left waits for the next turn, in the order in which it was put off. In between timers fire, and sockets are read and
 * written.
 */
class EventLoopTurns {
  /** When the present turn's work began, on the clock of `performance.now()`; 0 while nobody has asked in it. */
  #beganAt = 0;
  #cpuBegan = 0;
  #waiting: (() => void)[] = [];
  #isScheduled = false;

  /** Whether the work of this turn has taken its time. The time counts from the first question of a turn. */
  isOver(isSmall: boolean): boolean {
    const now = performance.now();
    if (this.#beganAt === 0) this.#begin(now);
    const workedMs = now - this.#beganAt;
    return isSmall ? workedMs >= cpuMsOfSmall && cpuMs() - this.#cpuBegan >= cpuMsOfSmall : workedMs >= workMs;
  }

  /** Calls back in a later turn. `work` must not throw. */
  putOff(work: () => void): void {
    this.#waiting.push(work);
    this.#schedule();
  }

  #begin(now: number): void {
    this.#beganAt = now;
    this.#cpuBegan = cpuMs();
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => this.#next());
  }

  /** What is put off meanwhile is for the turn after. */
  #next(): void {
    this.#isScheduled = false;
    this.#beganAt = 0;
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    this.#waiting = [];
    this.#begin(performance.now());
    let done = 0;
    do waiting[done++]?.();
    while (done < waiting.length && !this.isOver(false));
    if (done < waiting.length) this.#waiting = [...waiting.slice(done), ...this.#waiting];
  }
}

/** Of this thread, since its start, in milliseconds. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

export const eventLoopTurns = new EventLoopTurns();
