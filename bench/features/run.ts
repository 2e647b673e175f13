import type { HttpContender } from "../http/contender.ts";
import { ours } from "../http/gateway-contender.ts";
import { measureWorkload } from "../http/measure-workload.ts";
import { httpSettings } from "../http/run.ts";
import { workload } from "../http/workloads.ts";
import type { Options } from "../options.ts";
import { describeMachine, markdownTable } from "../report.ts";
import { type Feature, features } from "../serving/settings.ts";
import { median, medianRatio } from "../statistics.ts";

const titles: Readonly<Record<Feature, string>> = {
  log: "the line that each request leaves in the log",
  "call-log": "the call log",
  coalescing: "the coalescing of identical queries (there are none here)",
  "compiled-plans": "JavaScript that is generated from plans",
  "http-cache": "the HTTP cache of the service (there is nothing to cache here)",
};

/** The cost of each feature: the gateway without it, beside the whole one. */
export async function runFeatures(options: Options): Promise<string> {
  await using resources = new AsyncDisposableStack();
  const settings = await httpSettings(false, options, resources);
  const contenders: HttpContender[] = [
    ours("posts"),
    ...features.map((feature) =>
      ours("posts", { name: feature, title: titles[feature], options: ["--without", feature] }),
    ),
  ];
  const { contenders: results } = await measureWorkload(workload("posts"), contenders, settings);
  const [whole, ...others] = results.map(({ title, rounds }) => ({ title, cpu: rounds.map(({ cpuUs }) => cpuUs) }));
  const rows = others.map(({ title, cpu }) => [
    title,
    median(cpu).toFixed(0),
    `${((1 - medianRatio(cpu, whole?.cpu ?? [])) * 100).toFixed(1)} %`,
  ]);
  return `## What the features cost

${describeMachine()}. Posts and users, 64 different texts: the gateway with its defaults takes ${median(whole?.cpu ?? []).toFixed(0)} µs of CPU time, and without
one of its features at a time, round by round, as much as the table shows. The limits, the deadline and the masking of errors are
not in the table, because they cannot be switched off.

${markdownTable(["without", "CPU µs per request", "saved"], rows)}`;
}
