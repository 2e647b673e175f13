import type { IncomingHttpHeaders } from "node:http";
import type { SingleMediaType } from "../http/accept.ts";
import type { Answer } from "../streaming/payload.ts";
import { askerOf, indifferentHeaders } from "./asker.ts";
import { Flight, type Waiter } from "./flight.ts";
import { LateTexts } from "./late-texts.ts";
import { type Entry, SameText } from "./same-text.ts";
import { Turn } from "./turn.ts";

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

/**
 * The executions that run now, by what was asked. An answer is kept no longer than to the end of the turn of the event
 * loop in which its execution began: what comes from memory is there at once, so that requests which came together would
 * be executed one after the other, each done before the next one is looked at.
 */
export class Flights {
  readonly #byText = new Map<string, SameText>();
  #turn: Turn | undefined;
  readonly #late = new LateTexts();
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
    if (this.#byText.size === 0 || this.#late.has(question.text)) return undefined;
    const same = this.#byText.get(question.text);
    const flight = same?.openFlight(this.#askerOf(question));
    if (flight === undefined) return undefined;
    this.#coalesced += 1;
    flight.join(waiter);
    return flight;
  }

  /** Lets others wait for what is executed for this one. */
  begin(question: Question, first: Waiter, answer: Promise<Answer>): Flight {
    this.#executed += 1;
    let asker: string | undefined;
    const entry: Entry = {
      flight: new Flight(first, answer, this.#presentTurn(), {
        onDone: () => this.#remove(question.text, entry),
        onLate: () => this.#late.add(question.text),
      }),
      asker: () => {
        asker ??= this.#askerOf(question);
        return asker;
      },
    };
    const same = this.#byText.get(question.text) ?? new SameText();
    if (same.isEmpty) this.#byText.set(question.text, same);
    same.add(entry);
    return entry.flight;
  }

  /** A mutation begins: what was answered before it may not be right any more. */
  forgetAnswers(): void {
    this.#turn?.end();
  }

  #presentTurn(): Turn {
    if (this.#turn === undefined || this.#turn.isOver) this.#turn = new Turn();
    return this.#turn;
  }

  #askerOf({ headers, mediaType }: Question): string {
    return `${mediaType}\n${askerOf(headers, this.#indifferent)}`;
  }

  #remove(text: string, entry: Entry): void {
    const same = this.#byText.get(text);
    same?.remove(entry);
    if (same?.isEmpty) this.#byText.delete(text);
  }
}
