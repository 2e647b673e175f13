import { readFile, writeFile } from "node:fs/promises";
import { cases } from "./cases.ts";
import type { Outcome } from "./run-case.ts";

/** The columns after the client and its version. */
export const columns: readonly string[] = [...cases.map(({ title }) => title), "subscription"];

/** A client in the table: what it is called, which version was run, and what came of each case. */
export interface Row {
  readonly title: string;
  readonly version: string;
  readonly cells: ReadonlyMap<string, Outcome>;
}

const guide = new URL("../../../docs/clients.md", import.meta.url);
const begin = "<!-- From test/clients; `npm run clients:record` writes it. -->\n";
const end = "<!-- End of what is written. -->\n";

/** The rows that `docs/clients.md` has, by their client. */
export async function readTable(): Promise<ReadonlyMap<string, Row>> {
  const { table } = split(await readFile(guide, "utf8"));
  const lines = table.split("\n");
  const notes = new Map(lines.flatMap(readNotes));
  const rows = lines.filter((line) => line.startsWith("| ")).slice(2);
  return new Map(rows.map((line) => readRow(line, notes)).map((row) => [row.title, row]));
}

/** Puts rows into the table: in the place of the old ones of the same clients, or at its end. */
export async function writeRows(rows: readonly Row[]): Promise<void> {
  const all = new Map(await readTable());
  for (const row of rows) all.set(row.title, row);
  const { before, after } = split(await readFile(guide, "utf8"));
  await writeFile(guide, before + begin + render([...all.values()]) + end + after);
}

function split(text: string): { before: string; table: string; after: string } {
  const [before, rest] = text.split(begin);
  const [table, after] = rest?.split(end) ?? [];
  if (before === undefined || table === undefined || after === undefined) {
    throw new Error(`docs/clients.md has no place for the table: ${begin}${end}`);
  }
  return { before, table, after };
}

const tableRow = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

function render(rows: readonly Row[]): string {
  const head = [tableRow(["client", "version", ...columns]), tableRow(["", "", ...columns].map(() => "---"))];
  const body = rows.map(({ title, version, cells }) =>
    tableRow([title, version, ...columns.map((column) => renderCell(cells.get(column)))]),
  );
  const notes = rows.flatMap(renderNotes);
  return ["", ...head, ...body, "", ...notes, ...(notes.length > 0 ? [""] : []), ""].join("\n");
}

/** One line for all the cells of a client in which the same was seen. */
function renderNotes({ title, version, cells }: Row): string[] {
  const noted = [...cells].filter(([, { note }]) => note !== "");
  const columnsByNote = Map.groupBy(noted, ([, { note }]) => note);
  return [...columnsByNote].map(
    ([note, found]) => `- ${title} ${version}, ${found.map(([column]) => `**${column}**`).join(", ")}: ${note}`,
  );
}

const renderCell = (outcome: Outcome | undefined): string =>
  outcome === undefined ? "" : outcome.verdict + (outcome.note === "" ? "" : " *");

function readRow(line: string, notes: ReadonlyMap<string, string>): Row {
  const [title = "", version = "", ...cells] = line.slice(2, -2).split(" | ");
  const outcomes = columns.map((column, at): [string, Outcome] => {
    const verdict = (cells[at] ?? "").replace(/ \*$/, "") as Outcome["verdict"];
    return [column, { verdict, note: notes.get(`${title} ${version}, ${column}`) ?? "" }];
  });
  return { title, version, cells: new Map(outcomes) };
}

/** A line below the table: which cells it speaks of, and what was seen. */
function readNotes(line: string): [string, string][] {
  const [, client, found = "", note = ""] = /^- (.+?), (\*\*.+\*\*): (.+)$/.exec(line) ?? [];
  return [...found.matchAll(/\*\*(.+?)\*\*/g)].map(([, column]) => [`${client}, ${column}`, note]);
}
