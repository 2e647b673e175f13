/**
 * Sends large queries and ordinary queries to two workers, and prints the latencies of the ordinary queries and the memory
 * of the processes.
 *
 *     node bench/soak/run.ts                  one minute of ordinary queries, then five minutes with large queries too
 *     node bench/soak/run.ts --minutes 1
 *
 * Exit code 1 if the response to an ordinary query differs from that without load, or if a worker exited.
 */
import { execFileSync } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { startServer } from "../processes/server-process.ts";
import { largeQueries, ordinaryQueries } from "./queries.ts";

const ordinaryClients = 8;
const largeClients = 3;
const sampleMs = 5_000;
const heapMegabytes = 400;

/** The statistics of the ordinary queries in one phase. */
interface Statistics {
  readonly latencies: number[];
  readonly unexpected: Map<string, number>;
}

async function request(url: string, query: string): Promise<string> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json, multipart/mixed" },
    body: JSON.stringify({ query }),
  });
  const text = await response.text();
  return response.status === 200 ? text : `${response.status} ${text.slice(0, 200)}`;
}

/** Sends ordinary queries in a closed loop until the signal. */
async function sendOrdinary(
  url: string,
  expected: ReadonlyMap<string, string>,
  statistics: Statistics,
  signal: AbortSignal,
) {
  const queries = [...expected];
  for (let number = 0; !signal.aborted; number++) {
    const [query, expectedResponse] = queries[number % queries.length] ?? ["", ""];
    const startedAt = performance.now();
    const response = await request(url, query).catch(causeOf);
    statistics.latencies.push(performance.now() - startedAt);
    if (response !== expectedResponse) count(statistics.unexpected, response.slice(0, 120));
  }
}

async function sendLarge(url: string, from: number, outcomes: Map<string, number>, signal: AbortSignal) {
  const queries = Object.entries(largeQueries);
  for (let number = from; !signal.aborted; number++) {
    const [name, query] = queries[number % queries.length] ?? ["", ""];
    const response = await request(url, query).catch(causeOf);
    const outcome =
      /LIMIT_EXCEEDED|DEADLINE_EXCEEDED|OVERLOADED/.exec(response)?.[0] ??
      (response.startsWith("{") ? "complete" : response.slice(0, 100));
    count(outcomes, `${name}: ${outcome}`);
  }
}

const count = (counts: Map<string, number>, key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1);

/** The reason of a failed fetch is only in its cause. */
function causeOf(error: unknown): string {
  return error instanceof Error && error.cause !== undefined ? `${error}: ${error.cause}` : String(error);
}

function quantilesOf({ latencies }: Statistics): string {
  const sorted = latencies.toSorted((one, other) => one - other);
  const at = (share: number) => Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? 0);
  return `${sorted.length} responses, p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms, maximum ${at(1)} ms`;
}

async function phase(
  url: string,
  expected: ReadonlyMap<string, string>,
  ms: number,
  withLargeQueries: boolean,
  sample: () => void,
) {
  const statistics: Statistics = { latencies: [], unexpected: new Map() };
  const outcomes = new Map<string, number>();
  const end = new AbortController();
  const timer = setInterval(sample, sampleMs);
  const work = [
    ...Array.from({ length: ordinaryClients }, () => sendOrdinary(url, expected, statistics, end.signal)),
    ...Array.from({ length: withLargeQueries ? largeClients : 0 }, (_, index) =>
      sendLarge(url, index * 3, outcomes, end.signal),
    ),
  ];
  await delay(ms);
  end.abort();
  await Promise.all(work);
  clearInterval(timer);
  return { statistics, outcomes };
}

async function run(): Promise<void> {
  const { values } = parseArgs({ options: { minutes: { type: "string", default: "5" } } });
  const ms = Number(values.minutes) * 60_000;
  if (!(ms > 0)) throw new Error(`--minutes: expected a number above 0, got ${JSON.stringify(values.minutes)}.`);
  // Before the start, because filling the database may exceed the start timeout on a busy machine.
  execFileSync(process.execPath, ["atlas/fill.ts"], { stdio: "inherit" });
  const exits: string[] = [];
  const server = await startServer({
    command: [process.execPath, `--max-old-space-size=${heapMegabytes}`, "server.ts"],
    environment: {
      NODE_ENV: "development",
      WORKERS: "2",
      PORT: "0",
      LOG_LEVEL: "warn",
      RATES_DRIFT_MS: "0",
      MAX_COST: "off",
    },
    cores: undefined,
    onLine: (line) => /exited unexpectedly/.test(line) && exits.push(line),
  });
  const megabytes: number[] = [];
  const sample = () => void megabytes.push(Math.round(server.residentBytes() / 1024 ** 2));
  try {
    const expected = new Map<string, string>();
    for (const query of ordinaryQueries) expected.set(query, await request(server.url, query));
    const alone = await phase(server.url, expected, ms / 5, false, sample);
    const before = megabytes.length;
    const mixed = await phase(server.url, expected, ms, true, sample);
    console.log(`Ordinary queries alone: ${quantilesOf(alone.statistics)}`);
    console.log(`Ordinary queries with large queries: ${quantilesOf(mixed.statistics)}`);
    console.log(`Resident memory of all processes in MB, alone: ${megabytes.slice(0, before).join(" ")}`);
    console.log(`  with large queries: ${megabytes.slice(before).join(" ")}`);
    console.log("Large queries:");
    for (const [outcome, times] of [...mixed.outcomes].sort()) console.log(`  ${times} × ${outcome}`);
    const unexpected = [...alone.statistics.unexpected, ...mixed.statistics.unexpected];
    for (const [response, times] of unexpected)
      console.log(`  unexpected response to an ordinary query, ${times} times: ${response}`);
    console.log(`Unexpected exits: ${exits.length}`);
    if (unexpected.length > 0 || exits.length > 0) process.exitCode = 1;
  } finally {
    await server.stop();
  }
}

if (import.meta.main) await run();
