import { hash } from "tributary-testing/hash.ts";

/**
 * Chance that depends on nothing but a seed and the name of the question: whoever asks first, and in which order, the
 * answers are the same. Two executors that walk a graph in different orders thereby meet the same world.
 */
export class Dice {
  readonly #seed: string;

  constructor(seed: string | number) {
    this.#seed = String(seed);
  }

  /** A number from 0 to `sides - 1`. */
  roll(name: string, sides: number): number {
    return hash(`${this.#seed}:${name}`) % sides;
  }

  /** True in so many of 100 cases. */
  chance(name: string, percent: number): boolean {
    return percent > 0 && this.roll(name, 1000) < percent * 10;
  }

  /** @throws TypeError when there is nothing to pick from */
  pick<Item>(name: string, items: readonly Item[]): Item {
    if (items.length === 0) throw new TypeError(`Expected something to pick from for ${name}.`);
    return items[this.roll(name, items.length)] as Item;
  }

  /** Each item with this chance, in their order. */
  some<Item>(name: string, items: readonly Item[], percent: number): Item[] {
    return items.filter((_item, index) => this.chance(`${name}:${index}`, percent));
  }
}
