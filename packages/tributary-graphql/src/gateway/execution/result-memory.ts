import { getHeapStatistics } from "node:v8";

export interface ResultMemoryLimits {
  /** Above it, one large execution continues at a time. In bytes. */
  readonly softBytes: number;
  /** Above it, no further result may become large. In bytes. */
  readonly hardBytes: number;
  /** Above it, a result that grows is refused, even the only one. In bytes. */
  readonly fullBytes: number;
}

/**
 * The memory of all large results of a process together: those being executed, and those waiting to be sent. Each has its own
 * limits, but several at once would fill the heap.
 *
 * - A small result has no share, and never waits.
 * - Up to `softBytes` all executions continue. Above it, each but one waits from its next pause on. One can always continue,
 *   to its end or its own limits, and then frees memory for the next: there is no deadlock.
 * - Above `hardBytes` no further result becomes large, which limits the number of those that wait.
 * - Above `fullBytes` a result that grows is refused: a streamed answer may be larger than a small heap.
 */
export class ResultMemory {
  readonly #limits: ResultMemoryLimits;
  #heldBytes = 0;
  /** The large executions that do not wait. */
  readonly #active = new Set<ResultShare>();
  /** The large executions that wait, first come, first served. */
  readonly #pending = new Set<ResultShare>();

  constructor(limits: ResultMemoryLimits = limitsOfHeap()) {
    this.#limits = limits;
  }

  /** An estimate from the numbers of values and characters, in bytes. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** How many executions wait for memory. */
  get waitingCount(): number {
    return this.#pending.size;
  }

  /** The share of a result that becomes large; undefined when there is no memory for another one. */
  open(): ResultShare | undefined {
    if (this.#heldBytes > this.#limits.hardBytes) return undefined;
    const share = new ResultShare(this);
    this.#active.add(share);
    return share;
  }

  /** Counts bytes that wait to be sent. Returns a function to call when they were sent, which is idempotent. */
  holdUnsent(bytes: number): () => void {
    let left = bytes;
    this.change(bytes);
    return () => {
      this.change(-left);
      left = 0;
    };
  }

  /** Whether no result may grow. */
  get isFull(): boolean {
    return this.#heldBytes > this.#limits.fullBytes;
  }

  /** For shares. */
  change(bytes: number): void {
    this.#heldBytes += bytes;
    if (bytes < 0) this.#admit();
  }

  /** Makes this execution active, unless it has to wait for another one. Returns whether it is active. */
  activate(share: ResultShare): boolean {
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

  /** Other executions no longer wait for this one. */
  deactivate(share: ResultShare): void {
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

/** The share of one execution. `end` must be called whatever becomes of the execution. */
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

  /** Whether the execution has to pause until others have freed memory. */
  get mustWait(): boolean {
    return !this.#isStopped && !this.#memory.activate(this);
  }

  /** Calls `resume` when the execution may continue. It must not throw. */
  wait(resume: () => void): void {
    this.#pending = resume;
    if (this.#isStopped) this.resume();
    else this.#memory.wait(this);
  }

  /** Others need not wait for this execution while it waits for its client. */
  setIdle(): void {
    if (this.#pending === undefined) this.#memory.deactivate(this);
  }

  /** The execution is aborted, and ends without waiting. Its bytes are still held. */
  stop(): void {
    this.#isStopped = true;
    this.#memory.deactivate(this);
    this.resume();
  }

  /** Releases all of its bytes. */
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

/** The part of V8's heap limit that is for the young generation, by default. In bytes. */
const youngBytes = 192 * 1_024 ** 2;

/** The rest of the heap is for errors of the estimates, and for everything else. */
function limitsOfHeap(): ResultMemoryLimits {
  const { heap_size_limit: limit } = getHeapStatistics();
  const oldBytes = Math.max(limit / 3, limit - youngBytes);
  return { softBytes: oldBytes / 4, hardBytes: (oldBytes * 3) / 8, fullBytes: (oldBytes * 3) / 4 };
}

export const resultMemory = new ResultMemory();
