/**
 * The sole writer of generated files: the printed schema and the typed operations of the clients.
 *
 *     node codegen.ts           writes what is stale
 *     node codegen.ts --check   writes nothing; fails and names the stale files
 */
import { parseArgs } from "node:util";
import { runCommand } from "./checks/check-error.ts";
import { loadCurrentSchema, root } from "./checks/current-schema.ts";
import { findStaleFiles, generateFiles, writeStaleFiles } from "./checks/generated-files.ts";
import { readOperationFiles } from "./checks/operations.ts";

async function codegen(): Promise<boolean> {
  const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
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
      `Stale, run \`npm run codegen\` and commit the result:\n${stale.map((path) => `  ${path}`).join("\n")}`,
    );
  return stale.length === 0;
}

if (import.meta.main) await runCommand(codegen);
