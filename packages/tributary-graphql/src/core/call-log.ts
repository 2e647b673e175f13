import { redactValues } from "./redact-values.ts";

/** One call to a source: one round trip. */
export interface CallLogEntry extends CallMarks {
  /** `database`, or the name of a REST service. */
  readonly source: string;
  /** The name of the batched read, `citiesByCountry`. */
  readonly call: string;
  /** The number of distinct keys. */
  readonly keys: number;
  /** The number of returned rows; 0 for a failed call. */
  readonly rows: number;
  /** Milliseconds from the start of the request. */
  readonly startMs: number;
  /** Milliseconds from start to end; for a running call, until now. */
  readonly durationMs: number;
  /** Set when the call failed, was aborted, or timed out. */
  readonly failed?: true;
}

/** How a call got its result without a full round trip. */
export interface CallMarks {
  /** Set when the response came from the HTTP cache, without a call to the service. */
  readonly cached?: true;
  /** Set when the call shared a pending call of another request. */
  readonly shared?: true;
  /** Set when the service confirmed that the cached response is still valid (304). */
  readonly revalidated?: true;
  /** Set when the service failed and the HTTP cache returned a stale response. */
  readonly stale?: true;
}

/** Ends one entry. Call one of the two methods exactly once. */
export interface OpenCall {
  succeed(rows: number, marks?: { readonly [mark in keyof CallMarks]?: boolean }): void;
  fail(): void;
}

/** A call that has ended, as `CallObserver` sees it. */
export interface EndedCall {
  readonly source: string;
  readonly call: string;
  readonly durationMs: number;
  readonly failed: boolean;
  readonly marks: { readonly [mark in keyof CallMarks]?: boolean } | undefined;
}

/** Sees the calls of all requests, each when it has ended. Must not throw. */
export interface CallObserver {
  onCall(ended: EndedCall): void;
}

/** A request exceeded its maximum number of calls to sources. The call was not made. */
export class TooManyCallsError extends Error {
  override readonly name = "TooManyCallsError";
  readonly code = "LIMIT_EXCEEDED";
  readonly source: string;

  constructor(source: string, call: string, maxCalls: number) {
    super(
      `The request makes more than ${maxCalls} calls to sources: ${call} of ${source} was not called. ` +
        "Ask for shorter lists, or for fewer different arguments.",
    );
    this.source = source;
  }
}

/** Records the calls of one request to sources, in order of start, and limits their number. */
export class CallLog {
  readonly #startedAt: number;
  readonly #entries: Entry[] = [];
  #addedCounts: Map<string, number> | undefined;
  readonly #maxCalls: number;
  #admitted = 0;
  /**
   * Called at the end of each call. `sent` is the statement or URL with redacted values. Set by the gateway if the log shows
   * calls (`LOG_LEVEL=debug`).
   */
  onCallEnd: ((entry: CallLogEntry, sent: string | undefined) => void) | undefined = undefined;
  /** Set by the gateway where calls are counted. */
  observer: CallObserver | undefined = undefined;
  /** One error per call name, shared by all rejected calls. */
  #rejections: Map<string, TooManyCallsError> | undefined;

  /**
   * Resolves when a call may start. Set only by the check of the call contract; undefined for requests of clients. A source
   * awaits it before it enters its own queue, and before `begin`: `await scope.calls.beforeCall?.()`.
   */
  readonly beforeCall?: () => Promise<void>;

  /**
   * Set together with `beforeCall`. Reports work before a call that is not itself a call, such as a read of column types. A
   * call after that work counts as if it had started at once.
   */
  readonly prepare?: (work: Promise<unknown>) => void;

  /**
   * @param startedAt the start of the request, a value of `performance.now()`. Default: now
   * @param maxCalls the maximum number of calls. Default: unlimited
   */
  constructor(startedAt: number = performance.now(), maxCalls = Number.POSITIVE_INFINITY) {
    this.#startedAt = startedAt;
    this.#maxCalls = maxCalls;
  }

  /**
   * Counts a call before it enters a queue, so that a call above the maximum fails at once instead of waiting. When the call
   * starts, `beginAdmitted` must be called.
   *
   * @throws TooManyCallsError when the request has reached its maximum
   */
  admit(source: string, call: string): void {
    if (this.#admitted >= this.#maxCalls) throw this.#rejection(source, call);
    this.#admitted++;
  }

  /**
   * Begins an entry, right before a call that was not admitted before.
   *
   * @param sent the statement or URL; its values are redacted in the log
   * @throws TooManyCallsError when the request has reached its maximum; then the call must not be made
   */
  begin(source: string, call: string, keys: number, sent?: string): OpenCall {
    this.admit(source, call);
    return this.beginAdmitted(source, call, keys, sent);
  }

  /** Like `begin`, for a call that was admitted. Never throws. */
  beginAdmitted(source: string, call: string, keys: number, sent?: string): OpenCall {
    const entry = new Entry(source, call, keys, performance.now(), this.observer);
    this.#entries.push(entry);
    return this.onCallEnd === undefined ? entry : this.#observed(entry, this.onCallEnd, sent);
  }

  #observed(entry: Entry, onEnd: NonNullable<CallLog["onCallEnd"]>, sent: string | undefined): OpenCall {
    const notify = () => onEnd(entry.toLogEntry(this.#startedAt, performance.now()), sent && redactValues(sent));
    return {
      succeed: (rows, marks) => {
        entry.succeed(rows, marks);
        notify();
      },
      fail: () => {
        entry.fail();
        notify();
      },
    };
  }

  #rejection(source: string, call: string): TooManyCallsError {
    this.#rejections ??= new Map();
    const name = `${source}\n${call}`;
    const existing = this.#rejections.get(name);
    if (existing !== undefined) return existing;
    const rejection = new TooManyCallsError(source, call, this.#maxCalls);
    this.#rejections.set(name, rejection);
    return rejection;
  }

  get entries(): readonly CallLogEntry[] {
    const now = performance.now();
    return this.#entries.map((entry) => entry.toLogEntry(this.#startedAt, now));
  }

  /** Adds the number of calls of another log, that of a subscription event, without its entries, to bound memory. */
  addCounts(log: CallLog): void {
    this.#addedCounts ??= new Map();
    for (const [source, count] of Object.entries(log.countBySource())) {
      this.#addedCounts.set(source, (this.#addedCounts.get(source) ?? 0) + count);
    }
  }

  /** Which part of the calls reached a source: from 0, where the HTTP cache or other requests answered all, to 1. 1 without calls. */
  get sentShare(): number {
    if (this.#entries.length === 0) return 1;
    let sent = 0;
    for (const { marks } of this.#entries) if (!marks?.cached && !marks?.shared) sent++;
    return sent / this.#entries.length;
  }

  /** The number of calls per source. */
  countBySource(): Record<string, number> {
    const counts: Record<string, number> = this.#addedCounts ? Object.fromEntries(this.#addedCounts) : {};
    for (const { source } of this.#entries) counts[source] = (counts[source] ?? 0) + 1;
    return counts;
  }

  /**
   * The number of round trips per source that were made for this request: without those that failed, were shared with another
   * request, or were answered by a cache.
   *
   * @param except has the names of calls that do not count, `sun.sun`
   */
  madeBySource(except: Readonly<Record<string, unknown>> = {}): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const { source, call, failed, marks } of this.#entries) {
      if (failed || marks?.shared || marks?.cached) continue;
      if (Object.hasOwn(except, `${source}.${call}`)) continue;
      counts.set(source, (counts.get(source) ?? 0) + 1);
    }
    return counts;
  }
}

/** One object per call and no closure, because every call of every request creates one. */
class Entry implements OpenCall, EndedCall {
  readonly source: string;
  readonly call: string;
  readonly keys: number;
  readonly beganAt: number;
  endedAt: number | undefined = undefined;
  rows = 0;
  failed = false;
  marks: Parameters<OpenCall["succeed"]>[1] = undefined;
  readonly #observer: CallObserver | undefined;

  constructor(source: string, call: string, keys: number, beganAt: number, observer: CallObserver | undefined) {
    this.source = source;
    this.call = call;
    this.keys = keys;
    this.beganAt = beganAt;
    this.#observer = observer;
  }

  get durationMs(): number {
    return (this.endedAt ?? performance.now()) - this.beganAt;
  }

  succeed(rows: number, marks?: Parameters<OpenCall["succeed"]>[1]): void {
    this.endedAt = performance.now();
    this.rows = rows;
    this.marks = marks;
    this.#observer?.onCall(this);
  }

  fail(): void {
    this.endedAt = performance.now();
    this.failed = true;
    this.#observer?.onCall(this);
  }

  toLogEntry(startedAt: number, now: number): CallLogEntry {
    const { source, call, keys, rows, marks } = this;
    return {
      source,
      call,
      keys,
      rows,
      startMs: round(this.beganAt - startedAt),
      durationMs: round((this.endedAt ?? now) - this.beganAt),
      ...(marks?.cached && { cached: true }),
      ...(marks?.shared && { shared: true }),
      ...(marks?.revalidated && { revalidated: true }),
      ...(marks?.stale && { stale: true }),
      ...(this.failed && { failed: true }),
    };
  }
}

const round = (milliseconds: number): number => Math.round(milliseconds * 100) / 100;
