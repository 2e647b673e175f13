import { ours } from "../http/gateway-contender.ts";
import { type ContenderResult, type HttpSettings, measureWorkload } from "../http/measure-workload.ts";
import { httpSettings } from "../http/run.ts";
import { type WorkloadName, workload } from "../http/workloads.ts";
import type { Options } from "../options.ts";
import { describeMachine, markdownTable } from "../report.ts";
import { median, medianRatio } from "../statistics.ts";
import { restReadRows } from "./rest-reads.ts";

const contenders = [
  ours("posts"),
  ours("posts", { name: "without", title: "without the HTTP cache", options: ["--without", "http-cache"] }),
];

const cases: readonly { readonly name: WorkloadName; readonly connections: number; readonly title: string }[] = [
  { name: "posts", connections: 64, title: "64 different texts, 64 connections" },
  { name: "identical", connections: 64, title: "identical requests, 64 connections" },
  { name: "posts", connections: 1, title: "one connection, one request after the other" },
  { name: "titles", connections: 1, title: "post titles, one connection" },
];

/** The speedup by the HTTP cache, for a service with `max-age=60`. */
export async function runCacheable(options: Options): Promise<string> {
  await using resources = new AsyncDisposableStack();
  const settings = await httpSettings(false, options, resources);
  await fetch(`${settings.sources.upstream}/control/max-age?seconds=60`);
  const rows: string[][] = [];
  for (const one of cases) rows.push(await row(one, settings));
  const restReads = await restReadRows(settings.sources.upstream);
  return `## A service with cacheable responses

${describeMachine()}. Posts and users, as above, from a service that says \`Cache-Control: max-age=60\`: the gateway with
its defaults, and without the HTTP cache, round by round.

A read alone, of concurrent requests, by the CPU time of the gateway:

${markdownTable(["read", "concurrent requests", "times faster with the cache"], restReads)}

Of 64 concurrent requests without the cache, one makes the call and the others share it. So the cache saves less there. A whole
request also has its HTTP and its execution, which are the same for both, and most of the work where a call is shared:

${markdownTable(["requests", "CPU µs with the cache", "without", "times faster by CPU", "requests/s with the cache", "without", "calls per request with the cache", "without"], rows)}`;
}

async function row({ name, connections, title }: (typeof cases)[number], settings: HttpSettings): Promise<string[]> {
  const { contenders: results } = await measureWorkload(workload(name), contenders, { ...settings, connections });
  const [cached, uncached] = results;
  if (cached === undefined || uncached === undefined) throw new Error("Expected two servers to be measured.");
  const both = (key: Figure, digits: number) => [cached, uncached].map((one) => median(of(one, key)).toFixed(digits));
  const faster = medianRatio(of(uncached, "cpuUs"), of(cached, "cpuUs")).toFixed(2);
  return [title, ...both("cpuUs", 0), faster, ...both("requestsPerSecond", 0), ...both("upstreamCalls", 2)];
}

type Figure = "cpuUs" | "requestsPerSecond" | "upstreamCalls";

const of = ({ rounds }: ContenderResult, key: Figure): number[] => rounds.map((round) => round[key]);
