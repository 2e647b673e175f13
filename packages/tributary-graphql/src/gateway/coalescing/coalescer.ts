import type { IncomingHttpHeaders } from "node:http";
import { LRUCache } from "lru-cache";
import type { SingleMediaType } from "../http/accept.ts";
import type { Answer } from "../streaming/payload.ts";
import { clientInfoHeaders } from "../telemetry/client-info.ts";
import { SharedExecution, type Subscriber } from "./shared-execution.ts";

/** The parts of a request by which it is coalesced. */
export interface CoalescedRequest {
  /** The body of a POST, or the query string of a GET. Equal texts ask for the same operation. */
  readonly text: string;
  readonly headers: IncomingHttpHeaders;
  /** Of the answer, on which its status depends. */
  readonly mediaType: SingleMediaType;
}

export interface CoalescingCounts {
  /** Executions that other requests could subscribe to. */
  readonly executed: number;
  /** Requests that subscribed to one instead of being executed. */
  readonly coalesced: number;
}

/** For how long a text is not coalesced after one of its requests was late, in milliseconds. */
const coolDownMs = 30_000;

/** Characters of all texts that are in their cool-down. */
const maxCoolDownCharacters = 1_000_000;

/**
 * Executes identical queries once that are in flight at the same time (single-flight). The coalescing key is the text and
 * the identity of a request.
 *
 * An answer is kept no longer than to the end of the event-loop iteration in which its execution began: where all sources
 * answer from memory, each of the requests that arrive together would otherwise be executed before the next one is read.
 *
 * A text whose request was late has a cool-down: a subscriber whose deadline passes before that of the last one gets no
 * partial answer, so while a source hangs, each request is executed by itself.
 */
export class Coalescer {
  readonly #executions = new Map<string, SharedExecution>();
  readonly #coolDown = new LRUCache<string, true>({
    ttl: coolDownMs,
    maxSize: maxCoolDownCharacters,
    sizeCalculation: (_, text) => Math.max(1, text.length),
  });
  readonly #ignored: ReadonlySet<string>;
  /** The executions of this event-loop iteration that are answered. */
  #answered: (() => void)[] = [];
  #iteration = 0;
  #isIterationCounted = false;
  #executed = 0;
  #coalesced = 0;

  /** @param ignoredHeaders names of further headers, in any case, that no answer depends on */
  constructor(ignoredHeaders: readonly string[] = []) {
    this.#ignored = new Set([...headersOutsideIdentity, ...ignoredHeaders.map((name) => name.toLowerCase())]);
  }

  get counts(): CoalescingCounts {
    return { executed: this.#executed, coalesced: this.#coalesced };
  }

  /** Subscribes to the execution of an identical request, if there is one. */
  join(request: CoalescedRequest, subscriber: Subscriber): SharedExecution | undefined {
    if (this.#executions.size === 0 || this.#isCoolingDown(request.text)) return undefined;
    const execution = this.#executions.get(this.#keyOf(request));
    if (!execution?.isOpen) return undefined;
    this.#coalesced += 1;
    execution.join(subscriber);
    return execution;
  }

  /** Lets others subscribe to the execution that was begun for this request. */
  share(request: CoalescedRequest, first: Subscriber, answer: Promise<Answer>): SharedExecution {
    this.#executed += 1;
    const key = this.#keyOf(request);
    const iteration = this.#presentIteration();
    const execution = new SharedExecution(first, answer, {
      onLate: () => this.#coolDown.set(request.text, true),
      onAnswer: (isPublic) => {
        if (!isPublic || iteration !== this.#iteration) return false;
        this.#answered.push(() => execution.close());
        return true;
      },
      onClose: () => {
        // It may have been replaced when it could not be joined any more.
        if (this.#executions.get(key) === execution) this.#executions.delete(key);
      },
    });
    this.#executions.set(key, execution);
    return execution;
  }

  /** To be called before a mutation: an answer from before it may be outdated. */
  dropAnswers(): void {
    this.#iteration += 1;
    for (const close of this.#answered.splice(0)) close();
  }

  #isCoolingDown(text: string): boolean {
    return this.#coolDown.size > 0 && this.#coolDown.has(text);
  }

  #keyOf({ text, headers, mediaType }: CoalescedRequest): string {
    return `${mediaType}\n${identityOf(headers, this.#ignored)}\n${text}`;
  }

  #presentIteration(): number {
    if (!this.#isIterationCounted) {
      this.#isIterationCounted = true;
      // Called before sockets are read again.
      setImmediate(() => {
        this.#isIterationCounted = false;
        this.dropAnswers();
      });
    }
    return this.#iteration;
  }
}

/**
 * Headers that no answer may depend on: they are about the connection, the form of the answer or the tracing of one request,
 * or name the client program. A resolver can read every other one (`scope.headers`), `authorization` and `cookie` above all.
 */
export const headersOutsideIdentity: readonly string[] = [
  "accept",
  "accept-encoding",
  "connection",
  "content-encoding",
  "content-length",
  "content-type",
  "date",
  "expect",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "traceparent",
  "tracestate",
  "x-request-id",
  ...clientInfoHeaders,
];

/** The identity of a request, as far as an answer may depend on it: requests of equal identity may share one. */
export function identityOf(headers: IncomingHttpHeaders, ignored: ReadonlySet<string>): string {
  let identity = "";
  // No header can contain a line break.
  for (const name in headers) if (!ignored.has(name)) identity += `${name}:${headers[name]}\n`;
  return identity;
}
