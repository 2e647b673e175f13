interface EndOfTickListener {
  endTick(): void;
}

/** Calls its listeners when all promise callbacks of a tick have run, before Node checks for unhandled rejections. */
class EndOfTick {
  #listeners: EndOfTickListener[] = [];

  add(listener: EndOfTickListener): void {
    if (this.#listeners.push(listener) === 1) process.nextTick(() => this.#run());
  }

  #run(): void {
    const listeners = this.#listeners;
    this.#listeners = [];
    for (const each of listeners) each.endTick();
  }
}

export const endOfTick = new EndOfTick();
