/**
 * `tributary codegen` writes the generated files, the printed schema, the typed operations of the clients and the manifest of
 * their trusted documents, if they are out of date. `tributary codegen --check` writes nothing, and fails with the names of these files.
 */

import { appRoot, loadCurrentSchema } from "../app.ts";
import { readRecord } from "../calls/record.ts";
import { readArguments } from "../command-line.ts";
import { readOperationFiles } from "../operations.ts";
import { findStaleFiles, generateFiles, writeStaleFiles } from "./generated-files.ts";

/** @param args the arguments after the name of the command */
export async function command(args: readonly string[]): Promise<boolean> {
  const root = appRoot();
  const { values } = readArguments({ args: [...args], options: { check: { type: "boolean", default: false } } });
  const schema = await loadCurrentSchema();
  const files = await generateFiles(schema, await readOperationFiles(root), await readRecord(root));
  if (values.check) return reportStale(await findStaleFiles(root, files));
  const written = await writeStaleFiles(root, files);
  console.log(written.length === 0 ? "Every generated file is up to date." : `Wrote ${written.join(", ")}`);
  return true;
}

function reportStale(stale: readonly string[]): boolean {
  if (stale.length === 0) console.log("Every generated file is up to date.");
  else
    console.error(
      `Out of date; run \`npx tributary codegen\` and commit the result:\n${stale.map((path) => `  ${path}`).join("\n")}`,
    );
  return stale.length === 0;
}
