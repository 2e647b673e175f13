/** The garbage collections of a period. */
export interface Collected {
  readonly collections: number;
  readonly freedBytes: number;
  readonly pauseMs: number;
}

/** Parses the output of `node --trace-gc`. */
export class GcTrace {
  #collections = 0;
  #freedBytes = 0;
  #pauseMs = 0;

  /** `…: Scavenge 21.9 (30.8) -> 19.9 (47.4) MB, pooled: 0 MB, 12.45 / 0.00 ms …`; other lines are ignored. */
  readonly add = (line: string): void => {
    const match = /([\d.]+) \([\d.]+\) -> ([\d.]+) \([\d.]+\) MB.*?, ([\d.]+) \/ [\d.]+ ms/.exec(line);
    if (match === null) return;
    const [, before, after, pause] = match.map(Number);
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
