import type { Flight } from "./flight.ts";

/** One execution among those of the same text. */
export interface Entry {
  readonly flight: Flight;
  /** Who asked for it. Reads all headers, so it is called when somebody else asks the same. */
  asker(): string;
}

/**
 * The executions of one text, found by who asks: a thousand users who ask the same at the same time, each with a token of
 * their own, must not each be compared with all others.
 */
export class SameText {
  /** Those of whom it is not known yet who asked: nobody else has asked since. */
  readonly #unnamed = new Set<Entry>();
  #byAsker: Map<string, Entry> | undefined;

  get isEmpty(): boolean {
    return this.#unnamed.size === 0 && !this.#byAsker?.size;
  }

  add(entry: Entry): void {
    this.#unnamed.add(entry);
  }

  /** The execution that this asker may join. */
  openFlight(asker: string): Flight | undefined {
    const flight = this.#named().get(asker)?.flight;
    return flight?.isOpen ? flight : undefined;
  }

  remove(entry: Entry): void {
    if (this.#unnamed.delete(entry) || this.#byAsker === undefined) return;
    const asker = entry.asker();
    // One that lets nobody join any more may have a successor, which took its place.
    if (this.#byAsker.get(asker) === entry) this.#byAsker.delete(asker);
  }

  #named(): Map<string, Entry> {
    this.#byAsker ??= new Map();
    for (const entry of this.#unnamed) this.#byAsker.set(entry.asker(), entry);
    this.#unnamed.clear();
    return this.#byAsker;
  }
}
