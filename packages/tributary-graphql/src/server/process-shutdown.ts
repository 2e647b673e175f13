import type { MainProcess } from "./main-process.ts";

/** The shutdown of the main process: after a signal, or after an uncaught exception. */
export class ProcessShutdown {
  #isStopping = false;

  /** Whether the shutdown has begun. */
  get isStopping(): boolean {
    return this.#isStopping;
  }

  /** Closes the server, then exits with this code. */
  async stop({ close }: Pick<MainProcess, "close">, code: number): Promise<void> {
    this.#isStopping = true;
    // An error while closing is logged by the process guard.
    await close().catch(() => undefined);
    process.exit(code);
  }

  /** Handles SIGINT, SIGTERM and SIGHUP: the first signal shuts down gracefully, a second one exits at once with 1. */
  onSignals(server: MainProcess): void {
    const stop = (signal: NodeJS.Signals) => {
      if (this.#isStopping) process.exit(1);
      server.logger.info({ signal }, "shutting down after the running requests");
      void this.stop(server, 0);
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
  }
}

/**
 * Shuts this process down when the npm that started it has exited. npm does not forward SIGTERM to its scripts, so without
 * this the process would outlive a stopped `npm start`.
 */
export function stopWithNpm(): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const npm = process.ppid;
  setInterval(() => process.ppid !== npm && process.kill(process.pid, "SIGTERM"), 500).unref();
}
