import type { RequestRun } from "./request-run.ts";

/** Ends a request: writes its log line, stops what still runs for it. Whoever comes second does nothing. */
export function endRun(run: RequestRun, status: number): void {
  const { lifetime, report } = run;
  if (lifetime.hasEnded) return;
  report.write(run, status);
  lifetime.end();
}

/** Never sent, only logged: what nginx writes for a client that closed its connection. */
export const clientGoneStatus = 499;
