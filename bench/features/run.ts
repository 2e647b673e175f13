import type { HttpContender } from "../http/contender.ts";
import { ours } from "../http/gateway-contender.ts";
import { measureWorkload } from "../http/measure-workload.ts";
import { httpSettings } from "../http/run.ts";
import { workload } from "../http/workloads.ts";
import type { Options } from "../options.ts";
import { describeMachine, markdownTable } from "../report.ts";
import { type Feature, features, type PluginKind, pluginKinds } from "../serving/settings.ts";
import { median, medianRatio } from "../statistics.ts";

const titles: Readonly<Record<Feature, string>> = {
  log: "the line that each request leaves in the log",
  "call-log": "the call log",
  metrics: "the metrics",
  coalescing: "the coalescing of identical queries (there are none here)",
  "compiled-plans": "JavaScript that is generated from plans",
  "http-cache": "the HTTP cache of the service (there is nothing to cache here)",
};

const pluginTitles: Readonly<Record<PluginKind, string>> = {
  envelop: "a plugin with a hook of Envelop, which turns coalescing off",
  http: "a plugin with an HTTP hook, which sends every request through Yoga",
};

/** The cost of features and plugins: the gateway without each feature, and with each plugin, compared with the defaults. */
export async function runFeatures(options: Options): Promise<string> {
  await using resources = new AsyncDisposableStack();
  const settings = await httpSettings(false, options, resources);
  const contenders: HttpContender[] = [
    ours("posts"),
    ...features.map((feature) =>
      ours("posts", { name: feature, title: titles[feature], options: ["--without", feature] }),
    ),
    ...pluginKinds.map((kind) => ours("posts", { name: kind, title: pluginTitles[kind], options: ["--plugin", kind] })),
  ];
  const { contenders: results } = await measureWorkload(workload("posts"), contenders, settings);
  const [whole, ...others] = results.map(({ title, rounds }) => ({ title, cpu: rounds.map(({ cpuUs }) => cpuUs) }));
  const table = (name: string, change: string, measured: typeof others, shown: (ratio: number) => string) =>
    markdownTable(
      [name, "CPU µs per request", change],
      measured.map(({ title, cpu }) => [title, median(cpu).toFixed(0), shown(medianRatio(cpu, whole?.cpu ?? []))]),
    );
  const without = others.slice(0, features.length);
  const withPlugin = others.slice(features.length);
  return `## Cost of features

${describeMachine()}. Posts and users, 64 different texts: the gateway with its defaults takes ${median(whole?.cpu ?? []).toFixed(0)} µs of CPU time, and without
one of its features at a time, round by round, as much as the table shows. The limits, the deadline and the masking of errors are
not in the table, because they cannot be switched off.

${table("without", "saved", without, (ratio) => `${((1 - ratio) * 100).toFixed(1)} %`)}

With a plugin whose hook does nothing:

${table("with", "of the whole", withPlugin, (ratio) => `${ratio.toFixed(2)} x`)}`;
}
