import type { RequestRun } from "./request-run.ts";

/** Ends a request: writes its log line, stops what still runs for it. Whoever comes second does nothing. */
export function endRun(run: RequestRun, status: number): void {
  const { lifetime, report, log, calls } = run;
  if (lifetime.hasEnded) return;
  report.write(log, { status, ending: lifetime.ending, calls });
  lifetime.end();
}
