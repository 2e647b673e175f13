import type { Writable } from "node:stream";

/** Standard output: JSON for machines, and lines for people on a terminal. */
export async function logOutput(): Promise<Writable> {
  if (!process.stdout.isTTY) return process.stdout;
  const { linesForPeople } = await import("../gateway/telemetry/lines-for-people.ts");
  return linesForPeople(process.stdout);
}
