import type { LoadProcess } from "../processes/load-process.ts";
import type { ServerProcess } from "../processes/server-process.ts";

/** A round of a server. */
export interface Round {
  readonly requestsPerSecond: number;
  /** CPU time of the server per request, in microseconds. */
  readonly cpuUs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Calls to the REST service per request. */
  readonly upstreamCalls: number;
}

export interface RoundOptions {
  readonly server: ServerProcess;
  /** Base URL of the REST service, which counts its calls. */
  readonly upstream: string;
  readonly load: LoadProcess;
  readonly bodies: readonly string[];
  readonly bodyBytes: number | undefined;
  readonly connections: number;
  readonly durationMs: number;
}

/** @throws Error if a response under load has another status than 200 or another size */
export async function runRound({ server, upstream, load, ...options }: RoundOptions): Promise<Round> {
  const [callsBefore, cpuBefore] = [await countCalls(upstream), server.cpuMs()];
  const { requests, elapsedMs, unexpected, p50Ms, p99Ms } = await load.run({ url: server.url, ...options });
  const [cpuAfter, callsAfter] = [server.cpuMs(), await countCalls(upstream)];
  if (Object.keys(unexpected).length > 0)
    throw new Error(`has other responses under load: ${JSON.stringify(unexpected)}`);
  return {
    requestsPerSecond: (requests * 1000) / elapsedMs,
    cpuUs: ((cpuAfter - cpuBefore) * 1000) / requests,
    p50Ms,
    p99Ms,
    upstreamCalls: (callsAfter - callsBefore) / requests,
  };
}

/** Calls to the service since its start, without those to `/control`. */
export async function countCalls(upstream: string): Promise<number> {
  const response = await fetch(`${upstream}/control/counts`);
  const { calls }: { readonly calls: number } = await response.json();
  return calls;
}
