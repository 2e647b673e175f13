/** One round trip to a source. Times are milliseconds since the start of the request. */
export interface CallLogEntry {
  /** `database`, or the name of a REST service. */
  readonly source: string;
  /** The batched read, `citiesByCountry`. */
  readonly call: string;
  /** How many distinct keys were asked for. */
  readonly keys: number;
  /** How many rows came back; 0 for a call that failed. */
  readonly rows: number;
  readonly startMs: number;
  readonly durationMs: number;
  /** Set when the answer came from the HTTP cache and the service was not called. */
  readonly cached?: true;
  /** Set when the call failed, was aborted, or ran out of time. */
  readonly failed?: true;
}

/** Ends one entry. Call exactly one of the two, once. */
export interface OpenCall {
  succeed(rows: number, options?: { readonly cached?: boolean }): void;
  fail(): void;
}

/** The calls to sources that one request made, in order of start. A call still running has a `durationMs` so far. */
export class CallLog {
  readonly #startedAt: number;
  readonly #entries: MutableEntry[] = [];

  constructor(startedAt: number = performance.now()) {
    this.#startedAt = startedAt;
  }

  begin(source: string, call: string, keys: number): OpenCall {
    const startMs = performance.now() - this.#startedAt;
    const entry: MutableEntry = { source, call, keys, rows: 0, startMs, durationMs: undefined };
    this.#entries.push(entry);
    const end = () => {
      entry.durationMs = performance.now() - this.#startedAt - startMs;
    };
    return {
      succeed: (rows, options) => {
        end();
        entry.rows = rows;
        if (options?.cached) entry.cached = true;
      },
      fail: () => {
        end();
        entry.failed = true;
      },
    };
  }

  get entries(): readonly CallLogEntry[] {
    const nowMs = performance.now() - this.#startedAt;
    return this.#entries.map((entry) => ({
      ...entry,
      startMs: round(entry.startMs),
      durationMs: round(entry.durationMs ?? nowMs - entry.startMs),
    }));
  }

  /** How many calls each source got. */
  countBySource(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { source } of this.#entries) counts[source] = (counts[source] ?? 0) + 1;
    return counts;
  }
}

interface MutableEntry {
  source: string;
  call: string;
  keys: number;
  rows: number;
  startMs: number;
  durationMs: number | undefined;
  cached?: true;
  failed?: true;
}

const round = (milliseconds: number): number => Math.round(milliseconds * 100) / 100;
