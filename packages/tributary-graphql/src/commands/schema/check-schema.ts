/**
 * `tributary schema check [--base REF] [--markdown FILE]` compares the schema with an earlier one, and fails on breaking
 * changes that are not approved. The base is `--base`, else `SCHEMA_BASE`, else that of `chooseBase`.
 */
import { writeFile } from "node:fs/promises";
import type { GraphQLSchema } from "graphql";
import { appRoot, loadCurrentSchema } from "../app.ts";
import { readArguments } from "../command-line.ts";
import { type Base, chooseBase } from "./base.ts";
import { contractAt, contractHere } from "./contract.ts";
import { markdownReport, textReport } from "./report.ts";
import { compareContracts, firstContract, type SchemaChanges, unapprovedChanges } from "./schema-changes.ts";

/** The result of the comparison. */
export interface SchemaCheck {
  readonly base: Base;
  readonly changes: SchemaChanges;
  readonly passed: boolean;
}

/** Compares `schema` and the files below `root` with the base. @throws CommandError when the base is not a commit */
export async function checkSchema(root: string, schema: GraphQLSchema, baseRef?: string): Promise<SchemaCheck> {
  const base = await chooseBase(root, baseRef);
  const here = await contractHere(root, schema);
  const earlier = base.commit === undefined ? undefined : await contractAt(root, base.commit);
  const changes = earlier ? await compareContracts(earlier, here) : firstContract(here);
  return {
    base: base.commit && !earlier ? { description: `${base.description} has no schema` } : base,
    changes,
    passed: changes.rejected.length === 0 && unapprovedChanges(changes).length === 0,
  };
}

/** @param args the arguments after the name of the command */
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
