import type { Writable } from "node:stream";

/** The log's destination: standard output. On a terminal the JSON lines are formatted for people. */
export async function logOutput(): Promise<Writable> {
  if (!process.stdout.isTTY) return process.stdout;
  const { linesForPeople } = await import("../gateway/telemetry/lines-for-people.ts");
  return linesForPeople(process.stdout);
}
