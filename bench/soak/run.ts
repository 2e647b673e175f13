/**
 * Sends queries whose lists multiply to two workers, beside ordinary ones, and prints how those fared and how much memory
 * the processes took.
 *
 *     node bench/soak/run.ts                  one minute of ordinary load alone, then five with the large queries
 *     node bench/soak/run.ts --minutes 1
 *
 * Ends with 1 when an ordinary query was not answered as it is without load, or a worker ended.
 */
import { execFileSync } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { startServer } from "../processes/server-process.ts";
import { largeQueries, ordinaryQueries } from "./queries.ts";

const bystanders = 8;
const attackers = 3;
const sampleMs = 5_000;
const heapMegabytes = 400;

/** How the ordinary queries of one phase fared. */
interface Fared {
  readonly latencies: number[];
  readonly wrong: Map<string, number>;
}

async function ask(url: string, query: string): Promise<string> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json, multipart/mixed" },
    body: JSON.stringify({ query }),
  });
  const text = await response.text();
  return response.status === 200 ? text : `${response.status} ${text.slice(0, 200)}`;
}

/** Asks ordinary queries, one after the other, until the signal. */
async function standBy(url: string, expected: ReadonlyMap<string, string>, fared: Fared, signal: AbortSignal) {
  const queries = [...expected];
  for (let number = 0; !signal.aborted; number++) {
    const [query, right] = queries[number % queries.length] ?? ["", ""];
    const startedAt = performance.now();
    const answer = await ask(url, query).catch(causeOf);
    fared.latencies.push(performance.now() - startedAt);
    if (answer !== right) fared.wrong.set(answer.slice(0, 120), (fared.wrong.get(answer.slice(0, 120)) ?? 0) + 1);
  }
}

async function attack(url: string, from: number, answers: Map<string, number>, signal: AbortSignal) {
  const queries = Object.entries(largeQueries);
  for (let number = from; !signal.aborted; number++) {
    const [name, query] = queries[number % queries.length] ?? ["", ""];
    const answer = await ask(url, query).catch(causeOf);
    const outcome =
      /LIMIT_EXCEEDED|DEADLINE_EXCEEDED|OVERLOADED/.exec(answer)?.[0] ??
      (answer.startsWith("{") ? "answered" : answer.slice(0, 100));
    answers.set(`${name}: ${outcome}`, (answers.get(`${name}: ${outcome}`) ?? 0) + 1);
  }
}

/** A failed fetch says why only in its cause. */
function causeOf(error: unknown): string {
  return error instanceof Error && error.cause !== undefined ? `${error}: ${error.cause}` : String(error);
}

function quantilesOf({ latencies }: Fared): string {
  const sorted = latencies.toSorted((one, other) => one - other);
  const at = (share: number) => Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? 0);
  return `${sorted.length} answers, p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms`;
}

async function phase(
  url: string,
  expected: ReadonlyMap<string, string>,
  ms: number,
  withAttacks: boolean,
  sample: () => void,
) {
  const fared: Fared = { latencies: [], wrong: new Map() };
  const attacks = new Map<string, number>();
  const over = new AbortController();
  const timer = setInterval(sample, sampleMs);
  const work = [
    ...Array.from({ length: bystanders }, () => standBy(url, expected, fared, over.signal)),
    ...Array.from({ length: withAttacks ? attackers : 0 }, (_, index) => attack(url, index * 3, attacks, over.signal)),
  ];
  await delay(ms);
  over.abort();
  await Promise.all(work);
  clearInterval(timer);
  return { fared, attacks };
}

async function run(): Promise<void> {
  const { values } = parseArgs({ options: { minutes: { type: "string", default: "5" } } });
  const ms = Number(values.minutes) * 60_000;
  if (!(ms > 0)) throw new Error(`--minutes: expected a number above 0, got ${JSON.stringify(values.minutes)}.`);
  // Filled before it is started, since that can take long on a busy machine.
  execFileSync(process.execPath, ["atlas/fill.ts"], { stdio: "inherit" });
  const ended: string[] = [];
  const server = await startServer({
    command: [process.execPath, `--max-old-space-size=${heapMegabytes}`, "server.ts"],
    environment: { NODE_ENV: "development", WORKERS: "2", PORT: "0", LOG_LEVEL: "warn", RATES_DRIFT_MS: "0" },
    cores: undefined,
    onLine: (line) => /ended by itself|exited unexpectedly/.test(line) && ended.push(line),
  });
  const megabytes: number[] = [];
  const sample = () => void megabytes.push(Math.round(server.residentBytes() / 1024 ** 2));
  try {
    const expected = new Map<string, string>();
    for (const query of ordinaryQueries) expected.set(query, await ask(server.url, query));
    const alone = await phase(server.url, expected, ms / 5, false, sample);
    const before = megabytes.length;
    const mixed = await phase(server.url, expected, ms, true, sample);
    console.log(`Ordinary queries alone: ${quantilesOf(alone.fared)}`);
    console.log(`Ordinary queries beside large ones: ${quantilesOf(mixed.fared)}`);
    console.log(`Resident memory of all processes in MB, alone: ${megabytes.slice(0, before).join(" ")}`);
    console.log(`  beside large ones: ${megabytes.slice(before).join(" ")}`);
    console.log("Large queries:");
    for (const [outcome, count] of [...mixed.attacks].sort()) console.log(`  ${count} × ${outcome}`);
    const wrong = [...alone.fared.wrong, ...mixed.fared.wrong];
    for (const [answer, count] of wrong) console.log(`  wrong answer to an ordinary query, ${count} times: ${answer}`);
    console.log(`Workers that ended: ${ended.length}`);
    if (wrong.length > 0 || ended.length > 0) process.exitCode = 1;
  } finally {
    await server.stop();
  }
}

if (import.meta.main) await run();
