import { checkResults } from "../http/check-results.ts";
import type { HttpContender } from "../http/contender.ts";
import { contendersOf } from "../http/contenders.ts";
import type { HttpSettings } from "../http/measure-workload.ts";
import { chosen, httpSettings } from "../http/run.ts";
import { workload } from "../http/workloads.ts";
import type { Options } from "../options.ts";
import { startServer } from "../processes/server-process.ts";
import { describeMachine, markdownTable } from "../report.ts";
import { GcTrace } from "./gc-trace.ts";

const { bodies } = workload("posts");

/** The garbage per request and the memory of the process, for servers on Node. */
export async function runMemory(options: Options): Promise<string> {
  await using resources = new AsyncDisposableStack();
  const settings = await httpSettings(false, options, resources);
  const onNode = contendersOf.posts.filter(({ name }) => !name.startsWith("tailcall"));
  const rows: string[][] = [];
  for (const contender of chosen(onNode, options.only)) rows.push(await measureMemory(contender, settings));
  const header = [
    "server",
    "garbage kB per request",
    "collector's pauses µs per request",
    "memory MB at start",
    "after the load",
  ];
  return `## Memory and garbage

${describeMachine()}. Posts and users, 64 different texts, 64 connections. Garbage is what V8's collector says it freed under
load; memory is what the operating system counts for the process.

${markdownTable(header, rows)}`;
}

async function measureMemory(contender: HttpContender, settings: HttpSettings): Promise<string[]> {
  const { sources, load, serverCores, roundMs, warmUpMs, connections, log } = settings;
  const { command, ...prepared } = await contender.prepare(sources);
  const [node = "", ...args] = command;
  const lines = new GcTrace();
  const traced = { ...prepared, command: [node, "--trace-gc", ...args], cores: serverCores, onLine: lines.add };
  const server = await startServer(traced);
  try {
    const atStart = server.residentBytes();
    await checkResults(server.url, bodies);
    const options = { url: server.url, bodies, connections };
    await load.run({ ...options, durationMs: warmUpMs });
    lines.take();
    const { requests } = await load.run({ ...options, durationMs: roundMs * 2 });
    const { freedBytes, pauseMs } = lines.take();
    log(`Memory: ${contender.title}`);
    return [
      contender.title,
      (freedBytes / 1024 / requests).toFixed(0),
      ((pauseMs * 1000) / requests).toFixed(1),
      megabytes(atStart),
      megabytes(server.residentBytes()),
    ];
  } finally {
    await server.stop();
  }
}

const megabytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(0);
