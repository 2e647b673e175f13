/** In how many slots the longest time is divided. */
const slotCount = 256;

/** Keys in the order of a time that each of them has, in slots: within a slot the order is not kept. */
export class KeysByTime {
  readonly #slotMs: number;
  readonly #keysBySlot = new Map<number, Set<string>>();
  /** Slots before this one are empty. */
  #firstSlot = Number.NEGATIVE_INFINITY;

  /** @param longestMs how far ahead the times are, in milliseconds */
  constructor(longestMs: number) {
    this.#slotMs = longestMs / slotCount;
  }

  /** @param before the time of the key until now; undefined for a new key */
  move(key: string, before: number | undefined, time: number): void {
    const slot = this.#slotOf(time);
    if (before !== undefined) {
      const previous = this.#slotOf(before);
      if (previous === slot) return;
      this.#remove(key, previous);
    }
    const keys = this.#keysBySlot.get(slot);
    if (keys) keys.add(key);
    else this.#keysBySlot.set(slot, new Set([key]));
    this.#firstSlot = Math.min(this.#firstSlot, slot);
  }

  /** Takes out the keys whose slot is before this time. */
  takeBefore(time: number): readonly string[] {
    const end = this.#slotOf(time);
    if (end <= this.#firstSlot) return [];
    this.#firstSlot = end;
    const taken: string[] = [];
    for (const [slot, keys] of this.#keysBySlot) {
      if (slot >= end) continue;
      for (const key of keys) taken.push(key);
      this.#keysBySlot.delete(slot);
    }
    return taken;
  }

  /** Takes out this many keys, or all that there are, from the first slots. */
  takeFirst(count: number): readonly string[] {
    const taken: string[] = [];
    const slots = [...this.#keysBySlot].sort(([one], [other]) => one - other);
    for (const [slot, keys] of slots) {
      for (const key of keys) {
        if (taken.length === count) return taken;
        taken.push(key);
        this.#remove(key, slot);
      }
    }
    return taken;
  }

  #remove(key: string, slot: number): void {
    const keys = this.#keysBySlot.get(slot);
    keys?.delete(key);
    if (keys?.size === 0) this.#keysBySlot.delete(slot);
  }

  #slotOf(time: number): number {
    return Math.floor(time / this.#slotMs);
  }
}
