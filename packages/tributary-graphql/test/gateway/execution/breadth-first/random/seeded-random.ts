import { hash } from "tributary-testing/hash.ts";

/**
 * Random choices that depend only on a seed and a name, not on the order of calls. So two executors that resolve fields in
 * different orders get the same data.
 */
export class SeededRandom {
  readonly #seed: string;

  constructor(seed: string | number) {
    this.#seed = String(seed);
  }

  /** A number from 0 to `sides - 1`. */
  integer(name: string, sides: number): number {
    return hash(`${this.#seed}:${name}`) % sides;
  }

  /** True in so many of 100 cases. */
  chance(name: string, percent: number): boolean {
    return percent > 0 && this.integer(name, 1000) < percent * 10;
  }

  /** @throws TypeError when there is nothing to pick from */
  pick<Item>(name: string, items: readonly Item[]): Item {
    if (items.length === 0) throw new TypeError(`Expected something to pick from for ${name}.`);
    return items[this.integer(name, items.length)] as Item;
  }

  /** Each item with this chance, in their order. */
  some<Item>(name: string, items: readonly Item[], percent: number): Item[] {
    return items.filter((_item, index) => this.chance(`${name}:${index}`, percent));
  }
}
