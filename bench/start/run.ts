import { checkResults } from "../http/check-results.ts";
import type { HttpContender } from "../http/contender.ts";
import { contendersOf } from "../http/contenders.ts";
import type { HttpSettings } from "../http/measure-workload.ts";
import { chosen, httpSettings } from "../http/run.ts";
import { workload } from "../http/workloads.ts";
import type { Options } from "../options.ts";
import { startServer } from "../processes/server-process.ts";
import { describeMachine, markdownTable } from "../report.ts";
import { median } from "../statistics.ts";

/** One body, so that the first request is measured. */
const bodies = workload("posts").bodies.slice(0, 1);

/** The time from the start of each server until it listens, and until its first response. */
export async function runStart(options: Options): Promise<string> {
  await using resources = new AsyncDisposableStack();
  const settings = await httpSettings(false, options, resources);
  const rows: string[][] = [];
  for (const contender of chosen([...contendersOf.posts, ...contendersOf.python.slice(2, 3)], options.only)) {
    rows.push(await measureStart(contender, settings, options.quick ? 2 : 7));
  }
  return `## Start

${describeMachine()}. From the start of the process until it listens, and until its first answer, of posts with their users, is
there: medians. The gateway runs its TypeScript as it is.

${markdownTable(["server", "listens after ms", "has answered after ms"], rows)}`;
}

async function measureStart(
  contender: HttpContender,
  { sources, serverCores, log }: HttpSettings,
  times: number,
): Promise<string[]> {
  const listens: number[] = [];
  const responses: number[] = [];
  try {
    for (let start = 0; start < times; start += 1) {
      const command = await contender.prepare(sources);
      const startedAt = performance.now();
      const server = await startServer({ ...command, cores: serverCores });
      try {
        listens.push(server.startMs);
        await checkResults(server.url, bodies);
        responses.push(performance.now() - startedAt);
      } finally {
        await server.stop();
      }
    }
  } catch (error) {
    return [`${contender.title}: not measured, because it ${error instanceof Error ? error.message : error}`, "–", "–"];
  }
  log(`Start: ${contender.title}`);
  return [contender.title, median(listens).toFixed(0), median(responses).toFixed(0)];
}
