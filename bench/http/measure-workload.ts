import type { LoadProcess } from "../processes/load-process.ts";
import { startServer } from "../processes/server-process.ts";
import { type CheckedResult, checkResults } from "./check-results.ts";
import type { HttpContender, Sources } from "./contender.ts";
import { type Round, type RoundOptions, runRound } from "./run-round.ts";
import type { Workload } from "./workloads.ts";

/** The settings of a measurement. */
export interface HttpSettings {
  readonly sources: Sources;
  readonly load: LoadProcess;
  /** The cores of the servers; undefined for all. */
  readonly serverCores: readonly number[] | undefined;
  /** The cores of servers with `usesAllCores`. */
  readonly allCores: readonly number[] | undefined;
  readonly rounds: number;
  readonly roundMs: number;
  readonly warmUpMs: number;
  readonly connections: number;
  readonly log: (line: string) => void;
}

export interface ContenderResult {
  readonly name: string;
  readonly title: string;
  readonly rounds: readonly Round[];
  /** Resident memory after the last round. */
  readonly residentBytes: number;
  /** The reason if it was not measured. */
  readonly missing?: string;
}

export interface WorkloadResult {
  readonly workload: Workload;
  /** The first one is the reference. */
  readonly contenders: readonly ContenderResult[];
}

interface Running {
  readonly contender: HttpContender;
  readonly result: CheckedResult;
  readonly options: Omit<RoundOptions, "durationMs">;
  readonly rounds: Round[];
}

/**
 * Starts all servers, checks that their results are equal, warms them up, and measures them round-robin. A failing
 * contender is excluded, with the reason.
 * @throws Error if the reference or the gateway cannot be measured
 */
export async function measureWorkload(
  workload: Workload,
  contenders: readonly HttpContender[],
  settings: HttpSettings,
): Promise<WorkloadResult> {
  const running = new Set<Running>();
  const missing: ContenderResult[] = [];
  const [first] = contenders;
  const miss = (contender: HttpContender, reason: string) => {
    if (contender === first || contender.name === "ours") throw new Error(`${contender.title}: ${reason}`);
    missing.push({ ...named(contender), rounds: [], residentBytes: 0, missing: reason });
  };
  const load = async (one: Running, durationMs: number): Promise<Round | undefined> => {
    const round = await runRound({ ...one.options, durationMs }).catch((error: Error) => error);
    if (!(round instanceof Error)) return round;
    running.delete(one);
    await one.options.server.stop();
    miss(one.contender, round.message);
    return undefined;
  };
  try {
    let expected: CheckedResult | undefined;
    for (const contender of contenders) {
      const started = await start(contender, workload, expected, settings).catch((error: Error) => error);
      if (started instanceof Error) miss(contender, started.message);
      else {
        running.add(started);
        expected ??= started.result;
      }
    }
    for (const one of [...running]) await load(one, settings.warmUpMs);
    for (let round = 0; round < settings.rounds; round += 1) {
      for (const one of rotated([...running], round)) {
        const result = await load(one, settings.roundMs);
        if (result !== undefined) one.rounds.push(result);
      }
      settings.log(`${workload.title}: round ${round + 1} of ${settings.rounds}`);
    }
    const measured = [...running].map(({ contender, options, rounds }) => ({
      ...named(contender),
      rounds,
      residentBytes: options.server.residentBytes(),
    }));
    return { workload, contenders: [...measured, ...missing] };
  } finally {
    await Promise.all([...running].map(({ options }) => options.server.stop()));
  }
}

const named = ({ name, title }: HttpContender) => ({ name, title });

/** Each round starts with another contender, so that none always follows the same one. */
const rotated = (running: readonly Running[], round: number): Running[] =>
  running.map((_, index) => running[(index + round) % running.length] as Running);

async function start(
  contender: HttpContender,
  workload: Workload,
  expected: CheckedResult | undefined,
  { sources, serverCores, allCores, load, connections, log }: HttpSettings,
): Promise<Running> {
  const bodies = contender.bodies ?? workload.bodies;
  const cores = contender.usesAllCores ? allCores : serverCores;
  const server = await startServer({ ...(await contender.prepare(sources)), cores });
  try {
    const result = await checkResults(server.url, bodies, expected);
    log(`${workload.title}: ${contender.title} is ready`);
    const options = { server, upstream: sources.upstream, load, bodies, bodyBytes: result.bodyBytes, connections };
    return { contender, result, options, rounds: [] };
  } catch (error) {
    await server.stop();
    throw error;
  }
}
