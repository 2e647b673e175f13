import { runAsynchrony } from "./asynchrony/run.ts";
import { runCacheable } from "./cacheable/run.ts";
import { runCallLog } from "./call-log.ts";
import { runExecution } from "./execution/run.ts";
import { runFeatures } from "./features/run.ts";
import { runFirstPayload } from "./first-payload.ts";
import { runGrowth } from "./growth/run.ts";
import { runWorkload } from "./http/run.ts";
import { type WorkloadName, workloads } from "./http/workloads.ts";
import { runMemory } from "./memory/run.ts";
import type { Options } from "./options.ts";
import { runReads } from "./reads/run.ts";
import { runStart } from "./start/run.ts";
import { runWorkers } from "./workers/run.ts";

/** The benchmarks by the name of their section, in the order of a full run. */
export const benchmarks: Readonly<Record<string, (options: Options) => Promise<string>>> = {
  execution: runExecution,
  ...Object.fromEntries(
    (Object.keys(workloads) as WorkloadName[]).map((name) => [name, (options: Options) => runWorkload(name, options)]),
  ),
  cacheable: runCacheable,
  asynchrony: runAsynchrony,
  "first-payload": runFirstPayload,
  workers: runWorkers,
  features: runFeatures,
  memory: runMemory,
  start: runStart,
  growth: runGrowth,
  reads: runReads,
  "call-log": runCallLog,
};
