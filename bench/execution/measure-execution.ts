import { type CaseName, cases } from "./cases.ts";
import { type Executor, type ExecutorName, executors, startExecutor } from "./executors.ts";
import type { ExecutionRound } from "./worker-loop.ts";

export interface ExecutionSettings {
  readonly cores: readonly number[] | undefined;
  readonly rounds: number;
  readonly roundMs: number;
  readonly warmUpMs: number;
  readonly log: (line: string) => void;
}

export interface ExecutorResult {
  readonly name: ExecutorName;
  readonly title: string;
  readonly rounds: readonly ExecutionRound[];
  readonly allocatedBytes: number;
  /** The reason if it was not measured. */
  readonly missing?: string;
}

/**
 * Checks that the results of all executors are equal, byte for byte, then times them round-robin. The first one is the
 * reference; an executor with another result is not timed.
 */
export async function measureExecution(
  caseName: CaseName,
  names: readonly ExecutorName[],
  settings: ExecutionSettings,
  size: number = cases[caseName].size,
): Promise<readonly ExecutorResult[]> {
  const running: Executor[] = [];
  const missing: ExecutorResult[] = [];
  try {
    let expected: string | undefined;
    for (const name of names) {
      const { title } = executors[name];
      const missed = (reason: string) => missing.push({ name, title, rounds: [], allocatedBytes: 0, missing: reason });
      const executor = await startExecutor(name, caseName, size, settings).catch((error: Error) => error);
      if (executor instanceof Error) {
        missed(executor.message.split("\n", 1)[0] ?? "");
        continue;
      }
      running.push(executor);
      const { hash, text } = await executor.result();
      expected ??= hash;
      if (hash === expected) continue;
      running.pop()?.stop();
      missed(`has another result: ${text}`);
    }
    settings.log(
      `${cases[caseName].title}, ${size}: ${running.map(({ title }) => title).join(", ")} have the same result`,
    );
    const timed = await timeRoundRobin(running, settings);
    const results: ExecutorResult[] = [];
    for (const one of timed) {
      results.push({ ...one, allocatedBytes: await allocatedBy(one.name, caseName, size, settings) });
    }
    return [...results, ...missing];
  } finally {
    for (const executor of running) executor.stop();
  }
}

async function timeRoundRobin(
  running: readonly Executor[],
  { rounds, roundMs, warmUpMs }: ExecutionSettings,
): Promise<Omit<ExecutorResult, "allocatedBytes">[]> {
  const timings = new Map<Executor, ExecutionRound[]>(running.map((executor) => [executor, []]));
  for (const executor of running) await executor.round(warmUpMs);
  for (let round = 0; round < rounds; round += 1) {
    for (const index of running.keys()) {
      const executor = running[(index + round) % running.length];
      if (executor !== undefined) timings.get(executor)?.push(await executor.round(roundMs));
    }
  }
  return running.map((executor) => ({
    name: executor.name,
    title: executor.title,
    rounds: timings.get(executor) ?? [],
  }));
}

async function allocatedBy(
  name: ExecutorName,
  caseName: CaseName,
  size: number,
  { cores, roundMs }: ExecutionSettings,
): Promise<number> {
  const executor = await startExecutor(name, caseName, size, { cores, forMemory: true });
  try {
    await executor.round(roundMs);
    return await executor.memory();
  } finally {
    executor.stop();
  }
}
