import { readFile, writeFile } from "node:fs/promises";
import { availableParallelism, cpus, loadavg, totalmem } from "node:os";
import { fileURLToPath } from "node:url";

/** The file with a section per benchmark. */
const reportFile = fileURLToPath(new URL("../docs/benchmarks.md", import.meta.url));

/** Replaces the section of this name, between its comments. */
export async function writeSection(name: string, markdown: string, order: readonly string[]): Promise<void> {
  await writeFile(reportFile, withSection(await readFile(reportFile, "utf8"), name, markdown, order));
}

/** Returns the report with the replaced section. A new section is inserted in the given order. */
export function withSection(report: string, name: string, markdown: string, order: readonly string[] = []): string {
  const section = `${startOf(name)}\n\n${markdown.trim()}\n\n${endOf(name)}`;
  const from = report.indexOf(startOf(name));
  const to = report.indexOf(endOf(name), from);
  if (from !== -1 && to !== -1) return report.slice(0, from) + section + report.slice(to + endOf(name).length);
  const followers = order.slice(order.indexOf(name) + 1);
  const next = followers.map((follower) => report.indexOf(startOf(follower))).find((index) => index !== -1);
  if (!order.includes(name) || next === undefined) return `${report.trimEnd()}\n\n${section}\n`;
  return `${report.slice(0, next)}${section}\n\n${report.slice(next)}`;
}

const startOf = (name: string): string => `<!-- ${name}: written by npm run bench -->`;
const endOf = (name: string): string => `<!-- ${name}: end -->`;

// Read at import, because the process may be pinned to one core later.
const cores = availableParallelism();

/**
 * Describes the machine, such as `2 cores (AMD EPYC), 8 GB, linux x64, Node 24.21.0, 2026-11-22`, and whether it is busy
 * with other work.
 *
 * @param load the load average of the last minute
 */
export function describeMachine(now = new Date(), load = loadavg()[0] ?? 0): string {
  const model = cpus()[0]?.model.trim() || "unknown processor";
  const memoryGb = Math.round(totalmem() / 2 ** 30);
  const day = now.toISOString().slice(0, 10);
  const busy = load > 4 * cores ? `, busy with other work (load average ${load.toFixed(0)})` : "";
  return `${cores} cores (${model}), ${memoryGb} GB, ${process.platform} ${process.arch}, Node ${process.versions.node}, ${day}${busy}`;
}

export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const rule = header.map((_, index) => (index === 0 ? "---" : "---:"));
  return [line(header), line(rule), ...rows.map(line)].join("\n");
}
