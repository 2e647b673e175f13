import type { Logger } from "pino";

/** The process that was started first: it serves requests itself, or is the primary of workers. */
export interface MainProcess {
  readonly logger: Logger;
  /**
   * Fulfils with the URL when it is ready.
   * @throws Error with one line that says what failed. The caller still has to call `close`.
   */
  start(): Promise<string>;
  /** Starts a rolling restart of the workers. */
  restart(): void;
  /** Shuts down gracefully. Further calls return the same promise. */
  close(): Promise<void>;
}
