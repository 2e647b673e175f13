/**
 * Runs each operation of `operations/` with a short list and with a longer one, and fails when its calls grow with the
 * list, when it makes more calls or has a longer chain of calls than recorded, and when it is not recorded at all.
 *
 *     node packages/tributary-graphql/src/commands/calls/check-calls.ts [--base REF] [--markdown FILE]
 *
 * With a base (`--base`, else the environment's `SCHEMA_BASE`, else what `chooseBase` finds when a file is asked for) it
 * also tells how the calls differ from what is recorded there. The sources are those that the environment names.
 */

import { writeFile } from "node:fs/promises";
import { appRoot } from "../app.ts";
import { pathsOfApp } from "../app-paths.ts";
import { readArguments } from "../command-line.ts";
import { fileAt } from "../git.ts";
import { type Base, chooseBase } from "../schema/base.ts";
import { baseDifferences, baseMarkdown, baseText } from "./base-report.ts";
import { type CallCheck, checkCalls } from "./check.ts";
import { parseRecord, readRecord } from "./record.ts";
import { textReport } from "./report.ts";
import { startApp } from "./running-app.ts";

interface BaseReport {
  readonly text: string;
  readonly markdown: string;
}

/** How the calls differ from what the base records. */
export async function compareWithBase(root: string, check: CallCheck, asked?: string): Promise<BaseReport> {
  const chosen = await chooseBase(root, asked, { path: pathsOfApp().callRecord, noun: "call record" });
  const text = chosen.commit && (await fileAt(root, chosen.commit, pathsOfApp().callRecord));
  const base: Base =
    chosen.commit && !text ? { description: `${chosen.description} has no record of calls yet` } : chosen;
  const differences = baseDifferences(check, parseRecord(text || undefined));
  return { text: baseText(differences, base), markdown: baseMarkdown(differences, base, check.findings.length) };
}

/** @param args as they stand behind the command's name */
export async function command(args: readonly string[]): Promise<boolean> {
  const root = appRoot();
  const { values } = readArguments({
    args: [...args],
    options: { base: { type: "string" }, markdown: { type: "string" } },
  });
  const record = await readRecord(root);
  await using app = await startApp();
  const check = await checkCalls(root, app, record);
  console.log(textReport(check, record));
  const base = values.base ?? process.env.SCHEMA_BASE;
  if (base || values.markdown) {
    const report = await compareWithBase(root, check, base);
    console.log(`\n${report.text}`);
    if (values.markdown) await writeFile(values.markdown, report.markdown);
  }
  return check.findings.length === 0;
}
