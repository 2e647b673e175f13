import type { LoadProcess } from "../processes/load-process.ts";
import type { ServerProcess } from "../processes/server-process.ts";

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

export interface RoundOrder {
  readonly server: ServerProcess;
  /** Base URL of the service that counts its calls. */
  readonly upstream: string;
  readonly load: LoadProcess;
  readonly bodies: readonly string[];
  readonly bodyBytes: number | undefined;
  readonly connections: number;
  readonly durationMs: number;
}

/** @throws Error when an answer under load is no 200 of the right length */
export async function runRound({ server, upstream, load, ...order }: RoundOrder): Promise<Round> {
  const [callsBefore, cpuBefore] = [await countCalls(upstream), server.cpuMs()];
  const { requests, elapsedMs, wrong, p50Ms, p99Ms } = await load.run({ url: server.url, ...order });
  const [cpuAfter, callsAfter] = [server.cpuMs(), await countCalls(upstream)];
  if (Object.keys(wrong).length > 0) throw new Error(`answers otherwise under load: ${JSON.stringify(wrong)}`);
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
