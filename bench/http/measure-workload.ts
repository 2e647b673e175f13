import { differenceBetween } from "../answers.ts";
import type { LoadProcess } from "../processes/load-process.ts";
import { type ServerProcess, startServer } from "../processes/server-process.ts";
import type { HttpContender, Sources } from "./contender.ts";
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

/** One round of one server. */
export interface Round {
  readonly requestsPerSecond: number;
  /** CPU time of the server for one request, in microseconds. */
  readonly cpuUs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Calls that the REST service got, for one request; 0 for a workload that has none. */
  readonly upstreamCalls: number;
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
  readonly server: ServerProcess;
  readonly answer: CheckedAnswer;
  readonly rounds: Round[];
}

/**
 * Starts all servers, makes sure that they answer alike, warms them up, and loads them in turns.
 * @throws Error when the first, or the gateway, cannot be measured: the others are then compared with nothing
 */
export async function measureWorkload(
  workload: Workload,
  contenders: readonly HttpContender[],
  settings: HttpSettings,
): Promise<WorkloadResult> {
  const running: Running[] = [];
  const missing: ContenderResult[] = [];
  try {
    for (const contender of contenders) {
      const started = await start(contender, workload, running[0]?.answer, settings).catch((error: Error) => error);
      if (!(started instanceof Error)) running.push(started);
      else if (isNeeded(contender, running)) throw new Error(`${contender.title}: ${started.message}`);
      else missing.push({ ...named(contender), rounds: [], residentBytes: 0, missing: started.message });
    }
    for (const one of running) await runRound(one, workload, { ...settings, roundMs: settings.warmUpMs });
    for (let round = 0; round < settings.rounds; round += 1) {
      for (const one of inTurn(running, round)) one.rounds.push(await runRound(one, workload, settings));
      settings.say(`${workload.title}: round ${round + 1} of ${settings.rounds}`);
    }
    const measured = running.map(({ contender, server, rounds }) => ({
      ...named(contender),
      rounds,
      residentBytes: server.residentBytes(),
    }));
    return { workload, contenders: [...measured, ...missing] };
  } finally {
    await Promise.all(running.map(({ server }) => server.stop()));
  }
}

const named = ({ name, title }: HttpContender) => ({ name, title });

const isNeeded = ({ name, usesAllCores }: HttpContender, running: readonly Running[]): boolean =>
  running.length === 0 || (name === "ours" && usesAllCores !== true);

/** Each round starts with another one, so that none is always the one behind the heaviest. */
const inTurn = (running: readonly Running[], round: number): Running[] =>
  running.map((_, index) => running[(index + round) % running.length] as Running);

async function start(
  contender: HttpContender,
  workload: Workload,
  expected: CheckedAnswer | undefined,
  { sources, serverCores, allCores, say }: HttpSettings,
): Promise<Running> {
  const cores = contender.usesAllCores ? allCores : serverCores;
  const server = await startServer({ ...(await contender.prepare(sources)), cores });
  try {
    const answer = await checkAnswers(server.url, contender.bodies ?? workload.bodies, expected);
    say(`${workload.title}: ${contender.title} answers`);
    return { contender, server, answer, rounds: [] };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

export interface CheckedAnswer {
  readonly data: unknown;
  /** Undefined where the answers to the bodies are not of one length. */
  readonly bodyBytes: number | undefined;
}

/** @throws Error when an answer to one of the bodies is not the expected one */
export async function checkAnswers(
  url: string,
  bodies: readonly string[],
  expected?: CheckedAnswer,
): Promise<CheckedAnswer> {
  const lengths = new Set<number>();
  let known = expected?.data;
  for (const body of bodies) {
    const text = await ask(url, body);
    lengths.add(Buffer.byteLength(text));
    const { data, errors } = JSON.parse(text);
    if (errors !== undefined) throw new Error(`answers with errors: ${JSON.stringify(errors).slice(0, 300)}`);
    known ??= data;
    const difference = differenceBetween(known, data);
    if (difference !== undefined) throw new Error(`answers otherwise: ${difference}`);
  }
  const [bodyBytes] = lengths;
  return { data: known, bodyBytes: lengths.size === 1 ? bodyBytes : undefined };
}

async function ask(url: string, body: string): Promise<string> {
  const headers = { "content-type": "application/json", accept: "application/json" };
  const response = await fetch(url, { method: "POST", headers, body });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`answers ${response.status}: ${text.slice(0, 300)}`);
  return text;
}

async function runRound(
  { contender, server, answer }: Running,
  workload: Workload,
  { load, sources, roundMs, connections }: HttpSettings,
): Promise<Round> {
  const [callsBefore, cpuBefore] = [await countCalls(sources.upstream), server.cpuMs()];
  const bodies = contender.bodies ?? workload.bodies;
  const order = { url: server.url, bodies, connections, durationMs: roundMs, bodyBytes: answer.bodyBytes };
  const { requests, elapsedMs, wrong, p50Ms, p99Ms } = await load.run(order);
  const [cpuAfter, callsAfter] = [server.cpuMs(), await countCalls(sources.upstream)];
  if (Object.keys(wrong).length > 0)
    throw new Error(`${contender.title} answered otherwise under load: ${JSON.stringify(wrong)}.`);
  return {
    requestsPerSecond: (requests * 1000) / elapsedMs,
    cpuUs: ((cpuAfter - cpuBefore) * 1000) / requests,
    p50Ms,
    p99Ms,
    upstreamCalls: (callsAfter - callsBefore) / requests,
  };
}

/** Calls that the service got since its start, those under `/control` not counted. */
export async function countCalls(upstream: string): Promise<number> {
  const response = await fetch(`${upstream}/control/counts`);
  const { calls }: { readonly calls: number } = await response.json();
  return calls;
}
