import { execFileSync } from "node:child_process";
import { availableParallelism } from "node:os";

/** Core numbers: one for the servers, one for the load generator and the services. */
export interface Cores {
  readonly server: number;
  readonly others: number;
}

/** Two cores of this machine; undefined without `taskset`, or with only one core. */
export function findCores(): Cores | undefined {
  if (process.platform !== "linux" || availableParallelism() < 2) return undefined;
  try {
    execFileSync("taskset", ["-c", "0,1", "true"], { stdio: "ignore" });
    return { server: 0, others: 1 };
  } catch {
    return undefined;
  }
}

/** The command pinned to these cores; unchanged for undefined. */
export const onCores = (cores: readonly number[] | undefined, command: readonly string[]): readonly string[] =>
  cores === undefined ? command : ["taskset", "-c", cores.join(","), ...command];

/**
 * Pins this process to one core, and with it the child processes that it starts afterwards without `onCores`, such as a
 * database server. Returns a function that unpins it.
 */
export function pinThisProcess({ server, others }: Cores): () => void {
  const pin = (cores: string) =>
    execFileSync("taskset", ["--all-tasks", "--cpu-list", "--pid", cores, String(process.pid)], { stdio: "ignore" });
  pin(String(others));
  return () => void pin(`${server},${others}`);
}
