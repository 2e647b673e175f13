import { checkResults } from "../http/check-results.ts";
import { chosen } from "../http/run.ts";
import { countCalls } from "../http/run-round.ts";
import { withUniqueNames } from "../http/workloads.ts";
import type { LoadProcess } from "../processes/load-process.ts";
import { type ServerProcess, startServer } from "../processes/server-process.ts";
import { contendersOf, type PageName, pages } from "./contenders.ts";

export interface AsynchronySettings {
  /** Base URL of the service. */
  readonly upstream: string;
  readonly load: LoadProcess;
  readonly serverCores: readonly number[] | undefined;
  readonly latenciesMs: readonly number[];
  /** Per contender and latency, with one client and with many. */
  readonly durationMs: number;
  /** Names of contenders, separated by commas. Default: all. */
  readonly only?: string | undefined;
  readonly log: (line: string) => void;
}

/** One server at one latency of the service. */
export interface LatencyResult {
  readonly latencyMs: number;
  /** Median latency with one client. */
  readonly waitMs: number;
  /** With 64 clients, each with one request at a time. */
  readonly requestsPerSecond: number;
  readonly callsPerRequest: number;
}

export interface PageResult {
  readonly page: PageName;
  readonly contenders: readonly {
    readonly name: string;
    readonly title: string;
    readonly latencies: readonly LatencyResult[];
    /** The reason if it was not measured. */
    readonly missing?: string;
  }[];
}

const clients = 64;

/** Measures the contenders with one page at each latency of the service. */
export async function measurePage(page: PageName, settings: AsynchronySettings): Promise<PageResult> {
  // Unique names, so that identical requests are not coalesced.
  const bodies = withUniqueNames(pages[page].query);
  const results: PageResult["contenders"][number][] = [];
  let expected: Awaited<ReturnType<typeof checkResults>> | undefined;
  for (const contender of chosen(contendersOf(page), settings.only)) {
    const { name, title } = contender;
    let server: ServerProcess | undefined;
    try {
      await setLatency(settings.upstream, 0);
      const command = await contender.prepare({ upstream: settings.upstream, database: undefined });
      server = await startServer({ ...command, cores: settings.serverCores });
      expected ??= await checkResults(server.url, bodies);
      await checkResults(server.url, bodies, expected);
      const target = { url: server.url, bodies };
      await settings.load.run({ ...target, connections: clients, durationMs: settings.durationMs });
      results.push({ name, title, latencies: await measureLatencies(target, settings) });
      settings.log(`${pages[page].title}: ${title}`);
    } catch (error) {
      if (name === "ours") throw error;
      results.push({ name, title, latencies: [], missing: error instanceof Error ? error.message : String(error) });
    } finally {
      await server?.stop();
    }
  }
  return { page, contenders: results };
}

async function measureLatencies(
  target: { readonly url: string; readonly bodies: readonly string[] },
  { upstream, load, latenciesMs, durationMs }: AsynchronySettings,
): Promise<LatencyResult[]> {
  const results: LatencyResult[] = [];
  for (const latencyMs of latenciesMs) {
    await setLatency(upstream, latencyMs);
    const before = await countCalls(upstream);
    const single = await load.run({ ...target, connections: 1, durationMs });
    const calls = (await countCalls(upstream)) - before;
    const concurrent = await load.run({ ...target, connections: clients, durationMs });
    results.push({
      latencyMs,
      waitMs: single.p50Ms,
      requestsPerSecond: (concurrent.requests * 1000) / concurrent.elapsedMs,
      callsPerRequest: calls / single.requests,
    });
  }
  return results;
}

const setLatency = async (upstream: string, ms: number): Promise<void> => {
  await (await fetch(`${upstream}/control/latency?ms=${ms}`)).text();
};
