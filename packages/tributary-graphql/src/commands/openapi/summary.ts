import type { OperationName, Plan, PlannedRead, Remark } from "./reads/plan.ts";
import { visible } from "./schema/code-text.ts";
import type { ServiceFile } from "./service-file.ts";

/** More lines of one kind than this are counted, not shown. */
const mostLines = 40;

/** The written reads, the proposed ones and the omitted ones, with the reasons. */
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
  const probe = `npx tributary probe ${path} --base-url ${server.baseUrl ? inShell(server.baseUrl) : "<url>"} --keys <some real keys>`;
  return [
    `Wrote ${path}: ${counts.join(", ")}.`,
    section("Reads", table(reads)),
    section("Proposed, until the service has been asked", proposed, `  Ask it: ${probe}`),
    section("Left out", leftOutLines(plan)),
    section("To know", [...(server.note ? [server.note] : []), ...security, ...notes.map(remarkLine)]),
  ]
    .filter((text) => text !== "")
    .join("\n\n");
}

/** A word of a command that is meant to be copied: what a document says must not become a command of its own. */
const inShell = (word: string): string => (/^[\w:/.,@%+=-]*$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

const nameOf = ({ method, path }: OperationName): string => `${method.toUpperCase()} ${path}`;

const remarkLine = ({ operation, words }: Remark): string => `${nameOf(operation)}: ${words}`;

function table(reads: readonly PlannedRead[]): string[] {
  const width = Math.max(0, ...reads.map(({ name }) => name.length));
  return reads.map(({ name, operation, pages }) => {
    const kind = pages ? `paged: ${pages.paging.why}` : "one call each";
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
      ? [`${plural(writes.length, "operation that is", "operations that are")} no read (${methods})`]
      : []),
  ];
}

function section(title: string, lines: readonly string[], end?: string): string {
  if (lines.length === 0) return "";
  const more = lines.length - mostLines;
  const shown = lines.slice(0, mostLines).map((line) => `  ${line}`.split("\n").map(visible).join("\n"));
  return [`${title}:`, ...shown, ...(more > 0 ? [`  … and ${more} more`] : []), ...(end ? [end] : [])].join("\n");
}
