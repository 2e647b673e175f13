import { SeededRandom } from "./seeded-random.ts";

/** How long each promise takes: some microtasks, and sometimes some event-loop iterations. */
export class Timing {
  readonly #random: SeededRandom;
  #pending = 0;

  constructor(seed: number) {
    this.#random = new SeededRandom(`latency ${seed}`);
  }

  async later<Value>(id: string, make: () => Value): Promise<Awaited<Value>> {
    this.#pending++;
    try {
      if (this.#random.chance(`${id} long`, 15)) await this.#turnsOfTheLoop(id);
      for (let ticks = this.#random.integer(id, 4); ticks > 0; ticks--) await undefined;
      return await make();
    } finally {
      this.#pending--;
    }
  }

  /** One, or some: values of a list then come at different times, and so do the promises within them. */
  async #turnsOfTheLoop(id: string): Promise<void> {
    const ticks = this.#random.chance(`${id} longer`, 40) ? 2 + this.#random.integer(`${id} how long`, 4) : 1;
    for (let tick = 0; tick < ticks; tick++) await nextIteration();
  }

  /** Resolves some event-loop iterations after every promise has settled. */
  async idle(): Promise<void> {
    for (let ticks = 0; ticks < 3; ticks++) {
      do await nextIteration();
      while (this.#pending > 0);
    }
  }
}

const nextIteration = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
