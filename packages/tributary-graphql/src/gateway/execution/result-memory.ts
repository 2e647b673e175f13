import { getHeapStatistics } from "node:v8";

export interface ResultMemoryLimits {
  /** With more, one large execution goes on at a time. In bytes. */
  readonly softBytes: number;
  /** With more, a result that becomes large is refused. In bytes. */
  readonly hardBytes: number;
  /** With more, the result that grows is refused, whether or not it is the only one. In bytes. */
  readonly fullBytes: number;
}

/**
 * The memory of all large results of a process together: those that are executed, and those that wait for their clients.
 * Each is limited by itself, but several at once would fill the heap.
 *
 * - A small result has no share of it, and never waits.
 * - Below `softBytes` all executions go on. With more they stop at their next pause, except for one. So one can always go
 *   on, to its end or to its own limits, and then makes room for the next: none waits for one that waits.
 * - With more than `hardBytes` no other result becomes large, so that those which wait are limited as well.
 *
 * - With more than `fullBytes` the one that grows ends: a streamed answer may be larger than a small heap.
 */
export class ResultMemory {
  readonly #limits: ResultMemoryLimits;
  #heldBytes = 0;
  /** Those that go on: executions that are large and do not wait. */
  readonly #active = new Set<ResultShare>();
  /** First come, first served. */
  readonly #pending = new Set<ResultShare>();

  constructor(limits: ResultMemoryLimits = limitsOfHeap()) {
    this.#limits = limits;
  }

  /** In bytes, as estimated by their values and characters. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** How many executions wait for others to end. */
  get waitingCount(): number {
    return this.#pending.size;
  }

  /** A share for a result that becomes large; undefined where there is no memory for another one. */
  open(): ResultShare | undefined {
    if (this.#heldBytes > this.#limits.hardBytes) return undefined;
    const share = new ResultShare(this);
    this.#active.add(share);
    return share;
  }

  /** Counts bytes that wait to be sent. Gives the way to say that they were: called again, it does nothing. */
  holdUnsent(bytes: number): () => void {
    let left = bytes;
    this.change(bytes);
    return () => {
      this.change(-left);
      left = 0;
    };
  }

  /** Whether nothing may grow. */
  get isFull(): boolean {
    return this.#heldBytes > this.#limits.fullBytes;
  }

  /** For shares. */
  change(bytes: number): void {
    this.#heldBytes += bytes;
    if (bytes < 0) this.#admit();
  }

  /** Whether this execution goes on: from then on others may have to wait for it. */
  goesOn(share: ResultShare): boolean {
    const others = this.#active.size - (this.#active.has(share) ? 1 : 0);
    if (this.#heldBytes > this.#limits.softBytes && others > 0) return false;
    this.#active.add(share);
    return true;
  }

  wait(share: ResultShare): void {
    this.#active.delete(share);
    this.#pending.add(share);
    this.#admit();
  }

  /** None waits for it any more. */
  stand(share: ResultShare): void {
    this.#active.delete(share);
    this.#pending.delete(share);
    this.#admit();
  }

  #admit(): void {
    for (const share of this.#pending) {
      if (this.#heldBytes > this.#limits.softBytes && this.#active.size > 0) return;
      this.#pending.delete(share);
      this.#active.add(share);
      share.resume();
    }
  }
}

/** The share of one execution. It is to be ended whatever becomes of the execution. */
export class ResultShare {
  readonly #memory: ResultMemory;
  #bytes = 0;
  #isStopped = false;
  #hasEnded = false;
  #pending: (() => void) | undefined;

  constructor(memory: ResultMemory) {
    this.#memory = memory;
  }

  /**
   * @param bytes how many more are held
   * @returns whether there is memory for them
   */
  grow(bytes: number): boolean {
    if (this.#hasEnded) return true;
    this.#bytes += bytes;
    this.#memory.change(bytes);
    return !this.#memory.isFull;
  }

  /** For a part that was sent. */
  shrink(bytes: number): void {
    const sent = Math.min(bytes, this.#bytes);
    this.#bytes -= sent;
    this.#memory.change(-sent);
  }

  /** Whether the execution has to pause until others have ended. */
  get mustWait(): boolean {
    return !this.#isStopped && !this.#memory.goesOn(this);
  }

  /** Calls back when the execution may go on. It must not throw. */
  wait(resume: () => void): void {
    this.#pending = resume;
    if (this.#isStopped) this.resume();
    else this.#memory.wait(this);
  }

  /** Others need not wait for it: its client is slow to take what there is. */
  rest(): void {
    if (this.#pending === undefined) this.#memory.stand(this);
  }

  /** The execution is aborted: it does little more, and that at once. What it has is still held. */
  stop(): void {
    this.#isStopped = true;
    this.#memory.stand(this);
    this.resume();
  }

  /** Nothing of it is held any more. */
  end(): void {
    if (this.#hasEnded) return;
    this.shrink(this.#bytes);
    this.#hasEnded = true;
    this.stop();
  }

  /** For the memory. */
  resume(): void {
    const pending = this.#pending;
    this.#pending = undefined;
    pending?.();
  }
}

/** What the heap's limit has for objects that have just been made, unless node is told otherwise. In bytes. */
const youngBytes = 192 * 1_024 ** 2;

/** The rest is for what estimates miss, and for everything else. */
function limitsOfHeap(): ResultMemoryLimits {
  const { heap_size_limit: limit } = getHeapStatistics();
  const oldBytes = Math.max(limit / 3, limit - youngBytes);
  return { softBytes: oldBytes / 4, hardBytes: (oldBytes * 3) / 8, fullBytes: (oldBytes * 3) / 4 };
}

export const resultMemory = new ResultMemory();
