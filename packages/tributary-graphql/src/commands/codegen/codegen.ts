/**
 * The sole writer of generated files: the printed schema and the typed operations of the clients.
 *
 *     node packages/tributary-graphql/src/commands/codegen/codegen.ts           writes what is stale
 *     node packages/tributary-graphql/src/commands/codegen/codegen.ts --check   writes nothing; fails and names the stale files
 */

import { appRoot, loadCurrentSchema } from "../app.ts";
import { readArguments } from "../command-line.ts";
import { readOperationFiles } from "../operations.ts";
import { findStaleFiles, generateFiles, writeStaleFiles } from "./generated-files.ts";

/** @param args as they stand behind the command's name */
export async function command(args: readonly string[]): Promise<boolean> {
  const root = appRoot();
  const { values } = readArguments({ args: [...args], options: { check: { type: "boolean", default: false } } });
  const files = await generateFiles(await loadCurrentSchema(), await readOperationFiles(root));
  if (values.check) return reportStale(await findStaleFiles(root, files));
  const written = await writeStaleFiles(root, files);
  console.log(written.length === 0 ? "Every generated file is up to date." : `Wrote ${written.join(", ")}`);
  return true;
}

function reportStale(stale: readonly string[]): boolean {
  if (stale.length === 0) console.log("Every generated file is up to date.");
  else
    console.error(
      `Stale, run \`npx tributary codegen\` and commit the result:\n${stale.map((path) => `  ${path}`).join("\n")}`,
    );
  return stale.length === 0;
}
