import { setTimeout as delay } from "node:timers/promises";
import type { WorkerProcess } from "./worker-process.ts";

export interface HeartbeatSettings {
  /** Interval between two pings, and the timeout of each wait for a reply, in milliseconds. */
  readonly everyMs: number;
  /** Consecutive waits without a reply before a worker counts as hung. */
  readonly missesAllowed: number;
}
export type MonitoredWorker = Pick<WorkerProcess, "ping" | "isDebugged" | "isReachable">;

/**
 * Fulfils with true when the worker's event loop has been blocked for too long, with false when the worker has exited.
 * External health checks cannot find it: a blocked worker accepts no new connections.
 *
 * It counts waits and does not measure time: a machine that was suspended must not make every worker look hung.
 */
export async function isHung(worker: MonitoredWorker, { everyMs, missesAllowed }: HeartbeatSettings): Promise<boolean> {
  for (;;) {
    const reply = worker.ping().then(
      () => "replied" as const,
      () => "exited" as const,
    );
    for (let misses = 0; ; misses += 1) {
      if (misses >= missesAllowed && !worker.isDebugged) return worker.isReachable;
      const outcome = await Promise.race([reply, pause(everyMs)]);
      if (outcome === "exited") return false;
      if (outcome === "replied") break;
    }
    await pause(everyMs);
  }
}

const pause = (ms: number): Promise<undefined> => delay(ms, undefined, { ref: false });
