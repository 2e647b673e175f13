import { describeMachine, markdownTable } from "../report.ts";
import { type DatabaseResults, type Measured, type ReadName, type Result, reads, tooSlowMs } from "./benchmark.ts";
import { names, pageSize } from "./contenders.ts";
import { groupsOf, rowsPerGroup, type TableName } from "./tables.ts";

/** The section of the report. `versions` has the versions of the drivers. */
export function writeReadsSection({ sizes, databases, missing }: Measured, versions: string): string {
  const count = (value: number) => value.toLocaleString("en-US");
  const { small, large } = sizes.rows;
  return `## Reads for many parents

${describeMachine()}. ${databases.map(({ title }) => title).join(", ")}; ${versions}.
${missing.map((line) => `\nNot measured, because this machine does not have it: ${line}\n`).join("")}
Two tables hold the same kind of rows: ${count(small)} and ${count(large)} of them. A request asks for 10 to 10,000 parents
at once and waits for the answers of all.

- **Page of each parent**: the first ${pageSize} rows of each by score, and whether there are more. There are ${count(sizes.parents)} parents
  in both tables, so in the larger one each has ten times the rows.
- **Rows of each group**: all ${rowsPerGroup} rows of each. In the larger table there are ten times as many groups (${count(groupsOf(sizes, "large"))}).

Contenders give the same answers, which is checked first, and are timed round by round:

- **${names.ours}**: \`pageByParent\` and \`manyByKey\`, made again for each round as for each request; the calls are logged.
- **${names.byHand}**: one statement by the driver alone (on MariaDB one for each 250 parents, a union), its rows grouped in a loop:
  the code of a developer who knows the database. SQLite runs in the calling thread here, which is fastest, and blocks every
  other request meanwhile; Tributary's readers use a worker thread.
- **${names.numbered}**: the driver behind a DataLoader with its defaults, all rows of the parents numbered.
- **${names.perParent}**: the driver without any batch, over the same pool of ten connections.
- **${names.naive}**: the driver behind a DataLoader with its defaults, one list of keys.

Milliseconds are medians, with the ratio to the statement by hand in brackets. A contender that took longer than ${count(tooSlowMs)} ms was not
measured with ten times as many parents.

${databases.map((results) => databaseSection(results)).join("\n\n")}`;
}

function databaseSection({ title, results }: DatabaseResults): string {
  const tables = reads.map((read) => {
    const rows = results.filter((result) => result.read === read);
    return `**${title}: ${read}**\n\n${readTable(rows)}`;
  });
  return `### ${title}\n\n${tables.join("\n\n")}`;
}

function readTable(results: readonly Result[]): string {
  const contenders = [...(results[0]?.medians.keys() ?? [])]; // all contenders are measured with the lowest number of parents
  const rows = results.map(({ table, parents, medians }) => {
    const reference = medians.get(names.byHand);
    const cells = contenders.map((name) => cell(medians.get(name), name === names.byHand ? undefined : reference));
    return [tableTitles[table], parents.toLocaleString("en-US"), ...cells];
  });
  return markdownTable(["table", "parents", ...contenders], rows);
}

const tableTitles: Record<TableName, string> = { small: "smaller", large: "ten times larger" };

function cell(ms: number | undefined, referenceMs: number | undefined): string {
  if (ms === undefined) return "–";
  const text = ms < 10 ? ms.toFixed(2) : ms.toFixed(ms < 100 ? 1 : 0);
  return referenceMs === undefined ? text : `${text} (${(ms / referenceMs).toFixed(2)})`;
}

/** The median of the readers relative to that by hand, for a read, table and number of parents. */
export const ratioOf = ({ results }: DatabaseResults, read: ReadName, table: TableName, parents: number): number => {
  const found = results.find((result) => result.read === read && result.table === table && result.parents === parents);
  return (found?.medians.get(names.ours) ?? Number.NaN) / (found?.medians.get(names.byHand) ?? Number.NaN);
};
