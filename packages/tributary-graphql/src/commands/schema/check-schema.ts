/**
 * Compares the schema with an earlier one, and fails when it breaks a client and nobody answered for it.
 *
 *     node packages/tributary-graphql/src/commands/schema/check-schema.ts [--base REF] [--markdown FILE]
 *
 * The base is `--base`, else the environment's `SCHEMA_BASE`, else what `chooseBase` finds.
 */
import { writeFile } from "node:fs/promises";
import type { GraphQLSchema } from "graphql";
import { appRoot, loadCurrentSchema } from "../app.ts";
import { readArguments } from "../command-line.ts";
import { type Base, chooseBase } from "./base.ts";
import { contractAt, contractHere } from "./contract.ts";
import { markdownReport, textReport } from "./report.ts";
import { compareContracts, firstContract, type SchemaChanges, unapprovedChanges } from "./schema-changes.ts";

/** The outcome of the comparison, and what it was compared with. */
export interface SchemaCheck {
  readonly base: Base;
  readonly changes: SchemaChanges;
  readonly passed: boolean;
}

/** Compares `schema` and the files below `root` with the base. Throws `CheckError` when the base names no commit. */
export async function checkSchema(root: string, schema: GraphQLSchema, askedBase?: string): Promise<SchemaCheck> {
  const base = await chooseBase(root, askedBase);
  const here = await contractHere(root, schema);
  const earlier = base.commit === undefined ? undefined : await contractAt(root, base.commit);
  const changes = earlier ? await compareContracts(earlier, here) : firstContract(here);
  return {
    base: base.commit && !earlier ? { description: `${base.description} has no schema yet` } : base,
    changes,
    passed: changes.rejected.length === 0 && unapprovedChanges(changes).length === 0,
  };
}

/** @param args as they stand behind the command's name */
export async function command(args: readonly string[]): Promise<boolean> {
  const root = appRoot();
  const { values } = readArguments({
    args: [...args],
    options: { base: { type: "string" }, markdown: { type: "string" } },
  });
  const { base, changes, passed } = await checkSchema(
    root,
    await loadCurrentSchema(),
    values.base ?? process.env.SCHEMA_BASE,
  );
  console.log(textReport(changes, base));
  if (values.markdown) await writeFile(values.markdown, markdownReport(changes, base));
  return passed;
}
