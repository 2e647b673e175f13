import type { ServingProcess } from "./serving-process.ts";

/** How this process ends: by a signal, by a fault that nobody handled, or with the npm that started it. */
export class ProcessEnd {
  #isStopping = false;

  /** Whether the process is ending already. */
  get isStopping(): boolean {
    return this.#isStopping;
  }

  /** Lets go of everything, and exits with this code. */
  async stop({ close }: Pick<ServingProcess, "close">, code: number): Promise<void> {
    this.#isStopping = true;
    // An error while closing is logged by the process guard.
    await close().catch(() => undefined);
    process.exit(code);
  }

  /** The first signal lets running requests finish; a second one does not wait. */
  onSignals(server: ServingProcess): void {
    const stop = (signal: NodeJS.Signals) => {
      if (this.#isStopping) process.exit(1);
      server.logger.info({ signal }, "shutting down: running requests are finished");
      void this.stop(server, 0);
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
  }
}

/**
 * npm passes no SIGTERM on to what it runs: whoever stops `npm start` so would leave this process behind. It stops when
 * the npm that started it is gone.
 */
export function stopWithNpm(): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const npm = process.ppid;
  setInterval(() => process.ppid !== npm && process.kill(process.pid, "SIGTERM"), 500).unref();
}
