import { type ChildProcess, spawn } from "node:child_process";
import { on, once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { LoadOptions, LoadResult } from "../load/generate.ts";
import type { LoadResponse } from "../load/process.ts";
import { onCores } from "./cores.ts";

export interface LoadProcess {
  /** Runs a round. @throws Error if a connection fails, or the process has exited */
  run(options: LoadOptions): Promise<LoadResult>;
  stop(): void;
}

/** Maximum time for responses after the end of a round. */
const graceMs = 60_000;

const file = fileURLToPath(new URL("../load/process.ts", import.meta.url));

/** Starts the load generator. It runs one round at a time. */
export function startLoad(cores: readonly number[] | undefined): LoadProcess {
  const [program = "", ...args] = onCores(cores, [process.execPath, file]);
  const child = spawn(program, args, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const exited = once(child, "exit").then((): never => {
    throw new Error("The load generator has exited.");
  });
  exited.catch(() => undefined);
  let lastId = 0;
  return {
    async run(options) {
      lastId += 1;
      const done = new AbortController();
      const next = responseTo(child, lastId, done.signal);
      child.send({ id: lastId, ...options });
      const timeout = delay(options.durationMs + graceMs, undefined, { signal: done.signal }).then(() => {
        throw new Error(`did not respond to a request within ${graceMs} ms`);
      });
      timeout.catch(() => undefined);
      const response = await Promise.race([next, exited, timeout]).finally(() => done.abort());
      if ("error" in response) throw new Error(response.error);
      return response.result;
    },
    stop: () => void child.disconnect(),
  };
}

/** Ignores responses to earlier requests that have timed out. */
async function responseTo(child: ChildProcess, id: number, signal: AbortSignal): Promise<LoadResponse> {
  for await (const [response] of on(child, "message", { signal })) {
    if (response.id === id) return response;
  }
  throw new Error("The load generator did not respond.");
}
