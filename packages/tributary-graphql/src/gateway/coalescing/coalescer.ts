import { LRUCache } from "lru-cache";
import type { SingleMediaType } from "../http/accept.ts";
import type { Answer } from "../streaming/payload.ts";
import { SharedExecution, type Subscriber } from "./shared-execution.ts";

/** The parts of a request by which it is coalesced. */
export interface CoalescedRequest {
  /** The body of a POST, or the query string of a GET. Equal texts ask for the same operation. */
  readonly text: string;
  /** Of the client, by `DeclaredHeaders.identityOf`. */
  readonly identity: string;
  /** Of the answer, on which its status depends. */
  readonly mediaType: SingleMediaType;
}

export interface CoalescingCounts {
  /** Executions that other requests could subscribe to. */
  readonly executed: number;
  /** Requests that subscribed to one instead of being executed. */
  readonly coalesced: number;
}

/** For how long a text is not coalesced after a late request or a private answer, in milliseconds. */
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
 * A text has a cool-down after one of its requests was late: a subscriber whose deadline passes before that of the last one
 * gets no partial answer, so while a source hangs, each request is executed by itself. The same holds after an answer that set
 * a cookie, since such an answer is for one client alone.
 */
export class Coalescer {
  readonly #executions = new Map<string, SharedExecution>();
  readonly #coolDown = new LRUCache<string, true>({
    ttl: coolDownMs,
    maxSize: maxCoolDownCharacters,
    sizeCalculation: (_, text) => Math.max(1, text.length),
  });
  /** The executions of this event-loop iteration that are answered. */
  #answered: (() => void)[] = [];
  #iteration = 0;
  #isIterationCounted = false;
  #executed = 0;
  #coalesced = 0;

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
      onPrivate: () => this.#coolDown.set(request.text, true),
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

  #keyOf({ text, identity, mediaType }: CoalescedRequest): string {
    return `${mediaType}\n${identity}\n${text}`;
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
