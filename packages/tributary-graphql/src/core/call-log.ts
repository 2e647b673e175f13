import { withoutValues } from "./shown-call.ts";

/** One round trip to a source. Times are milliseconds since the start of the request. */
export interface CallLogEntry extends CallMarks {
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
  /** Set when the call failed, was aborted, or ran out of time. */
  readonly failed?: true;
}

/** How an answer was had without the whole of a round trip of its own. */
export interface CallMarks {
  /** Set when the answer came from the HTTP cache and the service was not called. */
  readonly cached?: true;
  /** Set when the call joined one of another request that was in flight. */
  readonly shared?: true;
  /** Set when the service said that what the HTTP cache holds is still right. */
  readonly revalidated?: true;
  /** Set when the HTTP cache answered with what is out of date, because the service failed. */
  readonly stale?: true;
}

/** Ends one entry. Call exactly one of the two, once. */
export interface OpenCall {
  succeed(rows: number, marks?: { readonly [mark in keyof CallMarks]?: boolean }): void;
  fail(): void;
}

/** A request asked for more calls to sources than it may make. The call was not made. */
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

/** The calls to sources that one request made, in order of start. A call still running has a `durationMs` so far. */
export class CallLog {
  readonly #startedAt: number;
  readonly #entries: Entry[] = [];
  #further: Map<string, number> | undefined;
  readonly #maxCalls: number;
  #admitted = 0;
  /**
   * Told of each call that ends, with what was sent to the source: the text of a statement or a URL, without values. Set
   * by the gateway where the log shows calls (`LOG_LEVEL=debug`).
   */
  onCallEnd: ((entry: CallLogEntry, sent: string | undefined) => void) | undefined = undefined;
  /** One error for all that are refused of the same call. */
  #refusals: Map<string, TooManyCallsError> | undefined;

  /**
   * Set where calls must wait until they may start, as the check of the call contract lets them; requests of clients
   * have none. Every source awaits it before it enters a queue of its own, and before `begin`:
   * `await scope.calls.beforeCall?.()`.
   */
  readonly beforeCall?: () => Promise<void>;

  /**
   * Set where `beforeCall` is: reports work that comes before a call and is none itself, as when the types of a table's columns
   * are read. A call that follows from it is counted as if it had been made at once.
   */
  readonly prepare?: (work: Promise<unknown>) => void;

  /** @param maxCalls how many calls may be made. Default: as many as are asked for */
  constructor(startedAt: number = performance.now(), maxCalls = Number.POSITIVE_INFINITY) {
    this.#startedAt = startedAt;
    this.#maxCalls = maxCalls;
  }

  /**
   * Counts a call that will wait in a queue before it is made; `beginAdmitted` follows when its time has come. Without it,
   * thousands would wait before the first one too many is refused.
   *
   * @throws TooManyCallsError when the request may make no further call
   */
  admit(source: string, call: string): void {
    if (this.#admitted >= this.#maxCalls) throw this.#refusal(source, call);
    this.#admitted++;
  }

  /**
   * To be called right before a call is made that was not admitted before.
   *
   * @param sent the text of a statement, or a URL; literals and the values in a query are left out where it is shown
   * @throws TooManyCallsError when the request may make no further call: then it must not be made
   */
  begin(source: string, call: string, keys: number, sent?: string): OpenCall {
    this.admit(source, call);
    return this.beginAdmitted(source, call, keys, sent);
  }

  /** The same for a call that was admitted. Never throws: it is called from a queue, where nobody could catch that. */
  beginAdmitted(source: string, call: string, keys: number, sent?: string): OpenCall {
    const entry = new Entry(source, call, keys, performance.now());
    this.#entries.push(entry);
    return this.onCallEnd === undefined ? entry : this.#watched(entry, this.onCallEnd, sent);
  }

  #watched(entry: Entry, onEnd: NonNullable<CallLog["onCallEnd"]>, sent: string | undefined): OpenCall {
    const tell = () => onEnd(entry.shown(this.#startedAt, performance.now()), sent && withoutValues(sent));
    return {
      succeed: (rows, marks) => {
        entry.succeed(rows, marks);
        tell();
      },
      fail: () => {
        entry.fail();
        tell();
      },
    };
  }

  #refusal(source: string, call: string): TooManyCallsError {
    this.#refusals ??= new Map();
    const name = `${source}\n${call}`;
    const known = this.#refusals.get(name);
    if (known !== undefined) return known;
    const refusal = new TooManyCallsError(source, call, this.#maxCalls);
    this.#refusals.set(name, refusal);
    return refusal;
  }

  get entries(): readonly CallLogEntry[] {
    const now = performance.now();
    return this.#entries.map((entry) => entry.shown(this.#startedAt, now));
  }

  /** Counts the calls of an event of a subscription as well, without their entries: those would fill the memory. */
  addCounts(log: CallLog): void {
    this.#further ??= new Map();
    for (const [source, count] of Object.entries(log.countBySource())) {
      this.#further.set(source, (this.#further.get(source) ?? 0) + count);
    }
  }

  /** How many calls each source got. */
  countBySource(): Record<string, number> {
    const counts: Record<string, number> = this.#further ? Object.fromEntries(this.#further) : {};
    for (const { source } of this.#entries) counts[source] = (counts[source] ?? 0) + 1;
    return counts;
  }
}

/** One object per call, and no closure: what the log costs is paid by every call of every request. */
class Entry implements OpenCall {
  readonly source: string;
  readonly call: string;
  readonly keys: number;
  readonly beganAt: number;
  endedAt: number | undefined = undefined;
  rows = 0;
  failed = false;
  marks: Parameters<OpenCall["succeed"]>[1] = undefined;

  constructor(source: string, call: string, keys: number, beganAt: number) {
    this.source = source;
    this.call = call;
    this.keys = keys;
    this.beganAt = beganAt;
  }

  succeed(rows: number, marks?: Parameters<OpenCall["succeed"]>[1]): void {
    this.endedAt = performance.now();
    this.rows = rows;
    this.marks = marks;
  }

  fail(): void {
    this.endedAt = performance.now();
    this.failed = true;
  }

  shown(startedAt: number, now: number): CallLogEntry {
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
