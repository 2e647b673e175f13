/** The work of the garbage collections in one span of time. */
export interface Collected {
  readonly collections: number;
  readonly freedBytes: number;
  readonly pauseMs: number;
}

/** Reads what a Node with `--trace-gc` prints. */
export class GcLines {
  #collections = 0;
  #freedBytes = 0;
  #pauseMs = 0;

  /** `…: Scavenge 21.9 (30.8) -> 19.9 (47.4) MB, pooled: 0 MB, 12.45 / 0.00 ms …`; other lines are none of ours. */
  readonly add = (line: string): void => {
    const found = /([\d.]+) \([\d.]+\) -> ([\d.]+) \([\d.]+\) MB.*?, ([\d.]+) \/ [\d.]+ ms/.exec(line);
    if (found === null) return;
    const [, before, after, pause] = found.map(Number);
    this.#collections += 1;
    this.#freedBytes += ((before ?? 0) - (after ?? 0)) * 2 ** 20;
    this.#pauseMs += pause ?? 0;
  };

  /** The collections since the last call. */
  take(): Collected {
    const taken = { collections: this.#collections, freedBytes: this.#freedBytes, pauseMs: this.#pauseMs };
    this.#collections = 0;
    this.#freedBytes = 0;
    this.#pauseMs = 0;
    return taken;
  }
}
