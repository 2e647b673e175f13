import { readFile } from "node:fs/promises";
import { createPostgresDatabase, startEnvironment } from "../environment.ts";
import { fillPages } from "../graphs/fill-pages.ts";
import type { Options } from "../options.ts";
import { describeMachine } from "../report.ts";
import type { HttpContender } from "./contender.ts";
import { contendersOf } from "./contenders.ts";
import { type HttpSettings, measureWorkload } from "./measure-workload.ts";
import { workloadTable } from "./section.ts";
import { type WorkloadName, workload } from "./workloads.ts";

/** Measures a workload, and returns its section. */
export async function runWorkload(name: WorkloadName, options: Options): Promise<string> {
  await using resources = new AsyncDisposableStack();
  const settings = await httpSettings(name.startsWith("pages"), options, resources);
  const contenders = chosen(contendersOf[name], options.only);
  const result = await measureWorkload(workload(name), contenders, settings);
  const { title, description } = result.workload;
  const machine = [describeMachine(), await describePackages(contenders)].filter(Boolean).join("; ");
  return `## ${title}\n\n${machine}.\n${description}\n\n${workloadTable(result)}`;
}

/** The versions of the peers: `mercurius 16.10.1, …`. */
async function describePackages(contenders: readonly HttpContender[]): Promise<string> {
  const manifest: Record<string, Record<string, string>> = JSON.parse(
    await readFile(new URL("../package.json", import.meta.url), "utf8"),
  );
  const versions = { ...manifest.dependencies, ...manifest.optionalDependencies };
  const names = new Set(contenders.flatMap(({ package: name }) => name ?? []));
  return [...names].map((name) => `${name} ${versions[name]}`).join(", ");
}

/** Starts the sources and the load generator. */
export async function httpSettings(
  needsDatabase: boolean,
  options: Options,
  resources: AsyncDisposableStack,
): Promise<HttpSettings> {
  const { cores, load, upstream } = await startEnvironment(resources);
  const database = needsDatabase ? await createPostgresDatabase(resources) : undefined;
  if (database !== undefined) await fillPages(database);
  return {
    sources: { upstream: upstream.url, database },
    load,
    serverCores: cores && [cores.server],
    allCores: cores && [cores.server, cores.others],
    ...(options.quick ? quick : full),
    connections: 64,
    log: console.log,
  };
}

const quick = { rounds: 3, roundMs: 500, warmUpMs: 1_000 };
const full = { rounds: 7, roundMs: 2_000, warmUpMs: 3_000 };

/** Filters contenders by `--only`. The first one is the reference, and is kept. */
export function chosen<Named extends Pick<HttpContender, "name">>(
  contenders: readonly Named[],
  only: string | undefined,
): readonly Named[] {
  const names = only?.split(",");
  return contenders.filter(({ name }, index) => index === 0 || names === undefined || names.includes(name));
}
