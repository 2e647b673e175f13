import type { LoadProcess } from "../processes/load-process.ts";
import { startServer } from "../processes/server-process.ts";
import { type CheckedAnswer, checkAnswers } from "./check-answers.ts";
import type { HttpContender, Sources } from "./contender.ts";
import { type Round, type RoundOrder, runRound } from "./run-round.ts";
import type { Workload } from "./workloads.ts";

/** Where and how long to measure. */
export interface HttpSettings {
  readonly sources: Sources;
  readonly load: LoadProcess;
  /** The cores of the servers; undefined for all. */
  readonly serverCores: readonly number[] | undefined;
  /** Those of a server that uses all of them. */
  readonly allCores: readonly number[] | undefined;
  readonly rounds: number;
  readonly roundMs: number;
  readonly warmUpMs: number;
  readonly connections: number;
  readonly say: (line: string) => void;
}

export interface ContenderResult {
  readonly name: string;
  readonly title: string;
  readonly rounds: readonly Round[];
  /** After the last round, in bytes. */
  readonly residentBytes: number;
  /** Why it was not measured. */
  readonly missing?: string;
}

export interface WorkloadResult {
  readonly workload: Workload;
  /** The first is what the others are compared with. */
  readonly contenders: readonly ContenderResult[];
}

interface Running {
  readonly contender: HttpContender;
  readonly answer: CheckedAnswer;
  readonly order: Omit<RoundOrder, "durationMs">;
  readonly rounds: Round[];
}

/**
 * Starts all servers, makes sure that they answer alike, warms them up, and loads them in turns. One that fails on the way
 * is out, and the reason is kept.
 * @throws Error when the first, or the gateway, cannot be measured: the others are then compared with nothing
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
    const round = await runRound({ ...one.order, durationMs }).catch((error: Error) => error);
    if (!(round instanceof Error)) return round;
    running.delete(one);
    await one.order.server.stop();
    miss(one.contender, round.message);
    return undefined;
  };
  try {
    let expected: CheckedAnswer | undefined;
    for (const contender of contenders) {
      const started = await start(contender, workload, expected, settings).catch((error: Error) => error);
      if (started instanceof Error) miss(contender, started.message);
      else {
        running.add(started);
        expected ??= started.answer;
      }
    }
    for (const one of [...running]) await load(one, settings.warmUpMs);
    for (let round = 0; round < settings.rounds; round += 1) {
      for (const one of inTurn([...running], round)) {
        const result = await load(one, settings.roundMs);
        if (result !== undefined) one.rounds.push(result);
      }
      settings.say(`${workload.title}: round ${round + 1} of ${settings.rounds}`);
    }
    const measured = [...running].map(({ contender, order, rounds }) => ({
      ...named(contender),
      rounds,
      residentBytes: order.server.residentBytes(),
    }));
    return { workload, contenders: [...measured, ...missing] };
  } finally {
    await Promise.all([...running].map(({ order }) => order.server.stop()));
  }
}

const named = ({ name, title }: HttpContender) => ({ name, title });

/** Each round starts with another one, so that none is always the one behind the heaviest. */
const inTurn = (running: readonly Running[], round: number): Running[] =>
  running.map((_, index) => running[(index + round) % running.length] as Running);

async function start(
  contender: HttpContender,
  workload: Workload,
  expected: CheckedAnswer | undefined,
  { sources, serverCores, allCores, load, connections, say }: HttpSettings,
): Promise<Running> {
  const bodies = contender.bodies ?? workload.bodies;
  const cores = contender.usesAllCores ? allCores : serverCores;
  const server = await startServer({ ...(await contender.prepare(sources)), cores });
  try {
    const answer = await checkAnswers(server.url, bodies, expected);
    say(`${workload.title}: ${contender.title} answers`);
    const order = { server, upstream: sources.upstream, load, bodies, bodyBytes: answer.bodyBytes, connections };
    return { contender, answer, order, rounds: [] };
  } catch (error) {
    await server.stop();
    throw error;
  }
}
