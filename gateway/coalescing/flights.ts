import type { IncomingHttpHeaders } from "node:http";
import type { SingleMediaType } from "../http/accept.ts";
import type { Answer } from "../streaming/payload.ts";
import { askerOf, indifferentHeaders } from "./asker.ts";
import { Flight, type Waiter } from "./flight.ts";

/** What somebody asks. */
export interface Question {
  /** The body as it was sent: texts that are equal mean the same operation, whatever else does too. */
  readonly text: string;
  readonly headers: IncomingHttpHeaders;
  /** Of the answer, on which its status depends. */
  readonly mediaType: SingleMediaType;
}

export interface CoalescingCounts {
  /** Executions that others could have waited for. */
  readonly executed: number;
  /** Requests that waited for one instead of executing. */
  readonly coalesced: number;
}

interface Entry {
  readonly question: Question;
  readonly flight: Flight;
  /** Set when somebody else asks with the same text. */
  asker: string | undefined;
}

/** The executions that run now, by what was asked. Only what is in flight is remembered: no answer is kept. */
export class Flights {
  readonly #byText = new Map<string, Set<Entry>>();
  readonly #indifferent: ReadonlySet<string>;
  #executed = 0;
  #coalesced = 0;

  /** @param ignoredHeaders names of further headers, in any case, that no answer depends on */
  constructor(ignoredHeaders: readonly string[] = []) {
    this.#indifferent = new Set([...indifferentHeaders, ...ignoredHeaders.map((name) => name.toLowerCase())]);
  }

  get counts(): CoalescingCounts {
    return { executed: this.#executed, coalesced: this.#coalesced };
  }

  /** Has the waiter wait for an execution of the same, if there is one. */
  join(question: Question, waiter: Waiter): Flight | undefined {
    if (this.#byText.size === 0) return undefined;
    const entries = this.#byText.get(question.text);
    if (entries === undefined) return undefined;
    const asker = this.#askerOf(question);
    for (const entry of entries) {
      entry.asker ??= this.#askerOf(entry.question);
      if (!entry.flight.isOpen || entry.asker !== asker) continue;
      this.#coalesced += 1;
      entry.flight.join(waiter);
      return entry.flight;
    }
    return undefined;
  }

  /** Lets others wait for what is executed for this one. */
  begin(question: Question, first: Waiter, answer: Promise<Answer>): Flight {
    this.#executed += 1;
    const entry: Entry = {
      question,
      flight: new Flight(first, answer, () => this.#remove(entry)),
      asker: undefined,
    };
    const entries = this.#byText.get(question.text);
    if (entries) entries.add(entry);
    else this.#byText.set(question.text, new Set([entry]));
    return entry.flight;
  }

  #askerOf({ headers, mediaType }: Question): string {
    return `${mediaType}\n${askerOf(headers, this.#indifferent)}`;
  }

  #remove(entry: Entry): void {
    const entries = this.#byText.get(entry.question.text);
    entries?.delete(entry);
    if (entries?.size === 0) this.#byText.delete(entry.question.text);
  }
}
