import { setTimeout as delay } from "node:timers/promises";
import type { WorkerProcess } from "./worker-process.ts";

export interface HeartbeatSettings {
  /** How often a worker is asked, in milliseconds, and how long each wait for its answer is. */
  readonly everyMs: number;
  /** Waits without an answer until a worker counts as hung. */
  readonly missesAllowed: number;
}

/** The worker's side of the heartbeat. */
export type Pulse = Pick<WorkerProcess, "ping" | "isDebugged" | "isReachable">;

/**
 * Fulfils with true when the worker's event loop has stood still for too long, with false when the worker has ended. A
 * worker that stands still gets no new connections, so no health check from outside would ever meet it.
 *
 * Waits are counted, and time is not measured: when all processes were halted together, none of them is to blame.
 */
export async function isHung(worker: Pulse, { everyMs, missesAllowed }: HeartbeatSettings): Promise<boolean> {
  for (;;) {
    const answered = worker.ping().then(
      () => "answered" as const,
      () => "ended" as const,
    );
    for (let misses = 0; ; misses += 1) {
      if (misses >= missesAllowed && !worker.isDebugged) return worker.isReachable;
      const heard = await Promise.race([answered, pause(everyMs)]);
      if (heard === "ended") return false;
      if (heard === "answered") break;
    }
    await pause(everyMs);
  }
}

const pause = (ms: number): Promise<undefined> => delay(ms, undefined, { ref: false });
