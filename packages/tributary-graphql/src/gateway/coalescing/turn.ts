/** One turn of the event loop, from when it is made to the end of the turn, or earlier. */
export class Turn {
  #isOver = false;
  #listeners: (() => void)[] = [];

  constructor() {
    // Runs before sockets are read again.
    setImmediate(() => this.end());
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Called once, in the order of being set. Must not throw. */
  onEnd(listener: () => void): void {
    this.#listeners.push(listener);
  }

  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const listener of this.#listeners) listener();
    this.#listeners = [];
  }
}
