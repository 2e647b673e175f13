import { checkAnswers } from "../http/check-answers.ts";
import { chosen } from "../http/run.ts";
import { countCalls } from "../http/run-round.ts";
import { underManyNames } from "../http/workloads.ts";
import type { LoadProcess } from "../processes/load-process.ts";
import { type ServerProcess, startServer } from "../processes/server-process.ts";
import { contendersOf, type PageName, pages } from "./contenders.ts";

export interface AsynchronySettings {
  /** Of the service that the page is made of. */
  readonly upstream: string;
  readonly load: LoadProcess;
  readonly serverCores: readonly number[] | undefined;
  readonly latenciesMs: readonly number[];
  /** For each contender and latency, once with one client and once with many. */
  readonly durationMs: number;
  /** Names with commas between; all where unset. */
  readonly only?: string | undefined;
  readonly say: (line: string) => void;
}

/** One server at one latency of the service. */
export interface LatencyResult {
  readonly latencyMs: number;
  /** How long one client waits, half of the time. */
  readonly waitMs: number;
  /** Of 64 clients, each with one request at a time. */
  readonly requestsPerSecond: number;
  readonly callsPerRequest: number;
}

export interface PageResult {
  readonly page: PageName;
  readonly contenders: readonly {
    readonly name: string;
    readonly title: string;
    readonly latencies: readonly LatencyResult[];
    /** Why it was not measured. */
    readonly missing?: string;
  }[];
}

const clients = 64;

/** How long every contender takes for one page, at each latency of what the page is made of. */
export async function measurePage(page: PageName, settings: AsynchronySettings): Promise<PageResult> {
  // So that no two clients ask for the same at one moment: what is measured is not how identical requests are shared.
  const bodies = underManyNames(pages[page].query);
  const results: PageResult["contenders"][number][] = [];
  let expected: Awaited<ReturnType<typeof checkAnswers>> | undefined;
  for (const contender of chosen(contendersOf(page), settings.only)) {
    const { name, title } = contender;
    let server: ServerProcess | undefined;
    try {
      await setLatency(settings.upstream, 0);
      const command = await contender.prepare({ upstream: settings.upstream, database: undefined });
      server = await startServer({ ...command, cores: settings.serverCores });
      expected ??= await checkAnswers(server.url, bodies);
      await checkAnswers(server.url, bodies, expected);
      const order = { url: server.url, bodies };
      await settings.load.run({ ...order, connections: clients, durationMs: settings.durationMs });
      results.push({ name, title, latencies: await measureLatencies(order, settings) });
      settings.say(`${pages[page].title}: ${title}`);
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
  order: { readonly url: string; readonly bodies: readonly string[] },
  { upstream, load, latenciesMs, durationMs }: AsynchronySettings,
): Promise<LatencyResult[]> {
  const results: LatencyResult[] = [];
  for (const latencyMs of latenciesMs) {
    await setLatency(upstream, latencyMs);
    const before = await countCalls(upstream);
    const alone = await load.run({ ...order, connections: 1, durationMs });
    const calls = (await countCalls(upstream)) - before;
    const crowd = await load.run({ ...order, connections: clients, durationMs });
    results.push({
      latencyMs,
      waitMs: alone.p50Ms,
      requestsPerSecond: (crowd.requests * 1000) / crowd.elapsedMs,
      callsPerRequest: calls / alone.requests,
    });
  }
  return results;
}

const setLatency = async (upstream: string, ms: number): Promise<void> => {
  await (await fetch(`${upstream}/control/latency?ms=${ms}`)).text();
};
