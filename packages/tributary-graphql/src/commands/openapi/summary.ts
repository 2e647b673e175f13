import type { OperationName, Plan, PlannedRead, Remark } from "./reads/plan.ts";
import { visible } from "./schema/code-text.ts";
import type { ServiceFile } from "./service-file.ts";

/** The maximum number of lines per section. The others are counted. */
const maxLines = 40;

/** The summary of a generated file: its reads, the proposed batches, and the operations that are left out. */
export function summaryOf({ plan, server, security, schemaCount }: ServiceFile, path: string): string {
  const { reads, batches, notes } = plan;
  const counts = [
    plural(reads.length, "read", "reads"),
    plural(batches.length, "proposed batch", "proposed batches"),
    plural(schemaCount, "schema", "schemas"),
  ];
  const proposed = batches.map(({ name, operation, proposal }) => {
    const { reader, why, assumptions } = proposal;
    return [`${name}, ${reader}: ${nameOf(operation)}, ${why}`, ...assumptions.map((one) => `  assumed: ${one}`)].join(
      "\n  ",
    );
  });
  const probe = `npx tributary probe ${path} --base-url ${server.baseUrl ? shellQuoted(server.baseUrl) : "<url>"} --keys <existing keys>`;
  return [
    `Wrote ${path}: ${counts.join(", ")}.`,
    section("Reads", table(reads)),
    section("Proposed batches, to be tested on the service", proposed, `  Test: ${probe}`),
    section("Left out", leftOutLines(plan)),
    section("Notes", [...(server.note ? [server.note] : []), ...security, ...notes.map(remarkLine)]),
  ]
    .filter((text) => text !== "")
    .join("\n\n");
}

/** Quotes a word of a command that users copy, so that the text of a document cannot become a command. */
const shellQuoted = (word: string): string =>
  /^[\w:/.,@%+=-]*$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

const nameOf = ({ method, path }: OperationName): string => `${method.toUpperCase()} ${path}`;

const remarkLine = ({ operation, message }: Remark): string => `${nameOf(operation)}: ${message}`;

function table(reads: readonly PlannedRead[]): string[] {
  const width = Math.max(0, ...reads.map(({ name }) => name.length));
  return reads.map(({ name, operation, pages }) => {
    const kind = pages ? `paged: ${pages.paging.why}` : "one call per load";
    return `${name.padEnd(width)}  ${nameOf(operation)}  (${kind})`;
  });
}

function leftOutLines({ leftOut }: Plan): string[] {
  const writes = leftOut.filter(({ operation }) => operation.method !== "get");
  const methods = [...new Set(writes.map(({ operation }) => operation.method.toUpperCase()))].join(", ");
  const reads = leftOut.filter(({ operation }) => operation.method === "get").map(remarkLine);
  return [
    ...reads,
    ...(writes.length > 0
      ? [`${plural(writes.length, "operation that does", "operations that do")} not read (${methods})`]
      : []),
  ];
}

function section(title: string, lines: readonly string[], end?: string): string {
  if (lines.length === 0) return "";
  const more = lines.length - maxLines;
  const shown = lines.slice(0, maxLines).map((line) => `  ${line}`.split("\n").map(visible).join("\n"));
  return [`${title}:`, ...shown, ...(more > 0 ? [`  … and ${more} more`] : []), ...(end ? [end] : [])].join("\n");
}
