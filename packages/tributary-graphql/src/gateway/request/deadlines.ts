export interface DeadlineOwner {
  /** The time is up. */
  onDeadline(): void;
}

/** A time and its owner, who is called when it passes. */
export class Deadline {
  /** On the clock of `performance.now()`. */
  readonly at: number;
  owner: DeadlineOwner;
  next: Deadline | undefined = undefined;
  previous: Deadline | undefined = undefined;
  isWaiting = true;

  constructor(at: number, owner: DeadlineOwner) {
    this.at = at;
    this.owner = owner;
  }
}

/**
 * Deadlines that are all equally far ahead when they are added, as those of requests are: the first one added is the first to
 * pass, so one timer serves all of them, and is set again only when it fires. With a timer per request, a request for
 * `{ greet }` takes 5 % more CPU time.
 *
 * The timer keeps the process alive only while there is a deadline.
 */
export class Deadlines {
  readonly timeoutMs: number;
  #first: Deadline | undefined;
  #last: Deadline | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param timeoutMs how far ahead each deadline lies, in milliseconds */
  constructor(timeoutMs: number) {
    this.timeoutMs = timeoutMs;
  }

  /** Calls `onDeadline` when the deadline has passed, never before. */
  add(owner: DeadlineOwner): Deadline {
    const deadline = new Deadline(performance.now() + this.timeoutMs, owner);
    deadline.previous = this.#last;
    if (this.#last) this.#last.next = deadline;
    else this.#begin(deadline);
    this.#last = deadline;
    return deadline;
  }

  /** Does nothing for a deadline that has passed or was removed. */
  remove(deadline: Deadline): void {
    if (!deadline.isWaiting) return;
    deadline.isWaiting = false;
    const { previous, next } = deadline;
    if (previous) previous.next = next;
    else this.#first = next;
    if (next) next.previous = previous;
    else this.#last = previous;
    if (this.#first === undefined) this.#timer?.unref();
  }

  #begin(first: Deadline): void {
    this.#first = first;
    if (this.#timer) this.#timer.ref();
    else this.#wait(this.timeoutMs);
  }

  #wait(ms: number): void {
    this.#timer = setTimeout(() => this.#onTimer(), ms);
  }

  #onTimer(): void {
    this.#timer = undefined;
    const now = performance.now();
    for (let first = this.#first; first !== undefined && first.at <= now; first = this.#first) {
      this.remove(first);
      first.owner.onDeadline();
    }
    if (this.#first && !this.#timer) this.#wait(Math.ceil(this.#first.at - now));
  }
}
