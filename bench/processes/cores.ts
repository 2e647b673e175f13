import { execFileSync } from "node:child_process";
import { availableParallelism } from "node:os";

/** Where processes run, by number of core: servers on one, what loads and feeds them on the other. */
export interface Cores {
  readonly server: number;
  readonly others: number;
}

/** Two cores of this machine; undefined where processes cannot be held to a core, or where there is only one. */
export function findCores(): Cores | undefined {
  if (process.platform !== "linux" || availableParallelism() < 2) return undefined;
  try {
    execFileSync("taskset", ["-c", "0,1", "true"], { stdio: "ignore" });
    return { server: 0, others: 1 };
  } catch {
    return undefined;
  }
}

/** A command that runs on these cores only; as it is where there is no choice. */
export const onCores = (cores: readonly number[] | undefined, command: readonly string[]): readonly string[] =>
  cores === undefined ? command : ["taskset", "-c", cores.join(","), ...command];

/**
 * Holds this process to one core, and with it whatever it starts from now on that is not told another one: a database
 * server, for instance. Gives the way to let it go again.
 */
export function holdThisProcess({ server, others }: Cores): () => void {
  const hold = (cores: string) =>
    execFileSync("taskset", ["--all-tasks", "--cpu-list", "--pid", cores, String(process.pid)], { stdio: "ignore" });
  hold(String(others));
  return () => void hold(`${server},${others}`);
}
