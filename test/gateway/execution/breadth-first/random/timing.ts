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
      if (this.#dice.chance(`${id} long`, 15)) await nextTurn();
      for (let turns = this.#dice.roll(id, 4); turns > 0; turns--) await undefined;
      return await make();
    } finally {
      this.#pending--;
    }
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
