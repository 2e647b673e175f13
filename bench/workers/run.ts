import { ours } from "../http/gateway-contender.ts";
import { measureWorkload } from "../http/measure-workload.ts";
import { httpSettings } from "../http/run.ts";
import { workloadTable } from "../http/section.ts";
import { workload } from "../http/workloads.ts";
import type { Options } from "../options.ts";
import { describeMachine } from "../report.ts";

/** Compares one worker on one core with two workers on two cores. */
export async function runWorkers(options: Options): Promise<string> {
  await using resources = new AsyncDisposableStack();
  const settings = await httpSettings(false, options, resources);
  const two = {
    ...ours("posts", { name: "two-workers", title: "Tributary, 2 workers", options: ["--workers", "2"] }),
    usesAllCores: true,
  };
  const contenders = [ours("posts", { name: "one-worker", title: "Tributary, 1 worker" }), two];
  const goal = { times: 1.7, of: "one-worker" };
  const results = await measureWorkload({ ...workload("posts"), goal }, contenders, settings);
  return `## Workers

${describeMachine()}. Posts and users, 64 different texts. One worker has a core of its own; two have both, and share one with the
load generator and the REST service, which is less than two cores of their own would be.

${workloadTable(results, "two-workers")}`;
}
