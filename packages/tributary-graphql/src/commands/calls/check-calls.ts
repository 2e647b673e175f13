/**
 * `tributary calls check [--base REF] [--markdown FILE]` executes each client operation with a short list and with a longer
 * one. It fails when the calls of an operation grow with the list, when an operation makes more calls or has a longer chain
 * of calls than recorded, and when it is not recorded.
 *
 * With `--base`, `SCHEMA_BASE` or `--markdown` it also reports how the calls differ from those that the base records. The
 * base is `--base`, else `SCHEMA_BASE`, else that of `chooseBase`. The sources come from the environment.
 */

import { writeFile } from "node:fs/promises";
import { appRoot } from "../app.ts";
import { appPaths } from "../app-paths.ts";
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

/** How the calls differ from those that the base records. */
export async function compareWithBase(root: string, check: CallCheck, ref?: string): Promise<BaseReport> {
  const chosen = await chooseBase(root, ref, { path: appPaths().callRecord, noun: "call record" });
  const text = chosen.commit && (await fileAt(root, chosen.commit, appPaths().callRecord));
  const base: Base = chosen.commit && !text ? { description: `${chosen.description} has no record of calls` } : chosen;
  const differences = baseDifferences(check, parseRecord(text || undefined));
  return { text: baseText(differences, base), markdown: baseMarkdown(differences, base, check.findings.length) };
}

/** @param args the arguments after the name of the command */
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
