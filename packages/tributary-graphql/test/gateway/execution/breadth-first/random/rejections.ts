/** Rejections that nobody listened to, which outside of a test would end the process. */
export class Rejections {
  #seen: unknown[] = [];
  readonly #note = (reason: unknown): void => void this.#seen.push(reason);

  listen(): void {
    process.on("unhandledRejection", this.#note);
  }

  stopListening(): void {
    process.off("unhandledRejection", this.#note);
  }

  /** Those since the last time that this was asked. */
  take(): unknown[] {
    const taken = this.#seen;
    this.#seen = [];
    return taken;
  }
}

export const rejections = new Rejections();
