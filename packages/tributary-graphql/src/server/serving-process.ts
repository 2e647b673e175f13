import type { Logger } from "pino";

/** The main process: it serves alone, or keeps workers that serve. */
export interface ServingProcess {
  readonly logger: Logger;
  /**
   * Gives the address once it answers.
   * @throws Error with one line that says what could not be had; `close` is still to be called
   */
  start(): Promise<string>;
  /** Replaces the workers one after another. */
  restart(): void;
  /** Finishes the requests that run, then lets go of everything. May be called again. */
  close(): Promise<void>;
}
