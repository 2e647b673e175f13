import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { LoadOrder, LoadResult } from "../load/generate.ts";
import type { LoadAnswer } from "../load/process.ts";
import { onCores } from "./cores.ts";

export interface LoadProcess {
  /** One round. @throws Error when a connection broke, or the process is gone */
  run(order: LoadOrder): Promise<LoadResult>;
  stop(): void;
}

const file = fileURLToPath(new URL("../load/process.ts", import.meta.url));

/** Starts the load generator. It takes one order after the other. */
export function startLoad(cores: readonly number[] | undefined): LoadProcess {
  const [program = "", ...args] = onCores(cores, [process.execPath, file]);
  const child = spawn(program, args, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const gone = once(child, "exit").then(() => {
    throw new Error("The load generator has ended.");
  });
  gone.catch(() => undefined);
  return {
    async run(order) {
      const answered = once(child, "message");
      child.send(order);
      const [answer]: LoadAnswer[] = await Promise.race([answered, gone]);
      if (answer === undefined || "error" in answer)
        throw new Error(answer?.error ?? "The load generator said nothing.");
      return answer.result;
    },
    stop: () => void child.disconnect(),
  };
}
