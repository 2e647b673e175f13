import { readFile, writeFile } from "node:fs/promises";
import { availableParallelism, cpus, totalmem } from "node:os";
import { fileURLToPath } from "node:url";

/** Where every benchmark writes its own section. */
const reportFile = fileURLToPath(new URL("../docs/benchmarks.md", import.meta.url));

/** Replaces the section of this name, between its marks, or adds it at the end; what else the file says is kept. */
export async function writeSection(name: string, markdown: string): Promise<void> {
  await writeFile(reportFile, withSection(await readFile(reportFile, "utf8"), name, markdown));
}

export function withSection(report: string, name: string, markdown: string): string {
  const [start, end] = [`<!-- ${name}: written by npm run bench -->`, `<!-- ${name}: end -->`];
  const section = `${start}\n\n${markdown.trim()}\n\n${end}`;
  const from = report.indexOf(start);
  const to = report.indexOf(end, from);
  if (from === -1 || to === -1) return `${report.trimEnd()}\n\n${section}\n`;
  return report.slice(0, from) + section + report.slice(to + end.length);
}

/** What the numbers were measured on: `2 cores of an AMD EPYC 7B13, 8 GB, linux x64, Node 24.21.0, 2026-11-22`. */
export function describeMachine(now = new Date()): string {
  const model = cpus()[0]?.model.trim() || "unknown processor";
  const memoryGb = Math.round(totalmem() / 2 ** 30);
  return `${availableParallelism()} cores (${model}), ${memoryGb} GB, ${process.platform} ${process.arch}, Node ${process.versions.node}, ${now.toISOString().slice(0, 10)}`;
}

export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const rule = header.map((_, index) => (index === 0 ? "---" : "---:"));
  return [line(header), line(rule), ...rows.map(line)].join("\n");
}
