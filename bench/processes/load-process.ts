import { type ChildProcess, spawn } from "node:child_process";
import { on, once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { LoadOrder, LoadResult } from "../load/generate.ts";
import type { LoadAnswer } from "../load/process.ts";
import { onCores } from "./cores.ts";

export interface LoadProcess {
  /** One round. @throws Error when a connection broke, or the process is gone */
  run(order: LoadOrder): Promise<LoadResult>;
  stop(): void;
}

/** How long answers may take that are still awaited when a round is over, in milliseconds. */
const graceMs = 60_000;

const file = fileURLToPath(new URL("../load/process.ts", import.meta.url));

/** Starts the load generator. It takes one order after the other. */
export function startLoad(cores: readonly number[] | undefined): LoadProcess {
  const [program = "", ...args] = onCores(cores, [process.execPath, file]);
  const child = spawn(program, args, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const gone = once(child, "exit").then((): never => {
    throw new Error("The load generator has ended.");
  });
  gone.catch(() => undefined);
  let lastId = 0;
  return {
    async run(order) {
      lastId += 1;
      const over = new AbortController();
      const answered = answerTo(child, lastId, over.signal);
      child.send({ id: lastId, ...order });
      const late = delay(order.durationMs + graceMs, undefined, { signal: over.signal }).then(() => {
        throw new Error(`left a request without an answer for ${graceMs} ms`);
      });
      late.catch(() => undefined);
      const answer = await Promise.race([answered, gone, late]).finally(() => over.abort());
      if ("error" in answer) throw new Error(answer.error);
      return answer.result;
    },
    stop: () => void child.disconnect(),
  };
}

/** Answers to earlier orders, which nobody waits for any more, are passed over. */
async function answerTo(child: ChildProcess, id: number, signal: AbortSignal): Promise<LoadAnswer> {
  for await (const [answer] of on(child, "message", { signal })) {
    if (answer.id === id) return answer;
  }
  throw new Error("The load generator said nothing.");
}
