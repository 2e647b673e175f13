import { Dice } from "./dice.ts";

/** How long each promise of a world takes, in turns of the microtask queue, some of them a turn of the event loop. */
export class Timing {
  readonly #dice: Dice;
  #pending = 0;

  constructor(seed: number) {
    this.#dice = new Dice(`latency ${seed}`);
  }

  async later<Value>(id: string, make: () => Value): Promise<Awaited<Value>> {
    this.#pending++;
    try {
      if (this.#dice.chance(`${id} long`, 15)) await this.#turnsOfTheLoop(id);
      for (let turns = this.#dice.roll(id, 4); turns > 0; turns--) await undefined;
      return await make();
    } finally {
      this.#pending--;
    }
  }

  /** One, or some: values of a list then come at different times, and so do the promises within them. */
  async #turnsOfTheLoop(id: string): Promise<void> {
    const turns = this.#dice.chance(`${id} longer`, 40) ? 2 + this.#dice.roll(`${id} how long`, 4) : 1;
    for (let turn = 0; turn < turns; turn++) await nextTurn();
  }

  /** Resolves when every promise is settled, and whoever listens to them has had some turns to go on. */
  async quiet(): Promise<void> {
    for (let turns = 0; turns < 3; turns++) {
      do await nextTurn();
      while (this.#pending > 0);
    }
  }
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
