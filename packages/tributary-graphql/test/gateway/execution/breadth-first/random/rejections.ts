/** Collects unhandled rejections, which would end the process outside of a test. */
export class Rejections {
  #seen: unknown[] = [];
  readonly #note = (reason: unknown): void => void this.#seen.push(reason);

  listen(): void {
    process.on("unhandledRejection", this.#note);
  }

  stopListening(): void {
    process.off("unhandledRejection", this.#note);
  }

  /** The rejections since the last call. */
  take(): unknown[] {
    const taken = this.#seen;
    this.#seen = [];
    return taken;
  }
}

export const rejections = new Rejections();
