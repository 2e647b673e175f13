import { buildSchema, type GraphQLSchema } from "graphql";
import { pathsOfApp } from "../app-paths.ts";
import { fileAt, pathsAt } from "../git.ts";
import { type OperationFile, readOperationFiles } from "../operations.ts";
import { printContract } from "../printed-schema.ts";
import { type Approval, type FreshStart, fingerprintOf, parseApprovals, readApprovals } from "./approvals.ts";

/** The contract with clients at one point of the history. */
export interface Contract {
  readonly schema: GraphQLSchema;
  readonly operations: readonly OperationFile[];
  readonly approvals: readonly Approval[];
  readonly freshStart: FreshStart | undefined;
  /** Of the schema, as it is printed. */
  readonly fingerprint: string;
}

/** The contract of the work tree, with the schema as the code defines it. */
export async function contractHere(root: string, schema: GraphQLSchema): Promise<Contract> {
  const { approved: approvals, freshStart } = await readApprovals(root);
  return { ...printedAs(printContract(schema)), operations: await readOperationFiles(root), approvals, freshStart };
}

/** The contract at a commit; undefined when no schema was committed there. */
export async function contractAt(root: string, commit: string): Promise<Contract | undefined> {
  const printed = await fileAt(root, commit, pathsOfApp().printedSchema);
  if (printed === undefined) return undefined;
  const { approved: approvals, freshStart } = parseApprovals(await fileAt(root, commit, pathsOfApp().approvals));
  return { ...printedAs(printed), operations: await operationsAt(root, commit), approvals, freshStart };
}

const printedAs = (printed: string): Pick<Contract, "schema" | "fingerprint"> => ({
  schema: buildSchema(printed),
  fingerprint: fingerprintOf(printed),
});

async function operationsAt(root: string, commit: string): Promise<OperationFile[]> {
  const paths = (await pathsAt(root, commit, pathsOfApp().operations))
    .filter((path) => path.endsWith(".graphql"))
    .sort();
  const files = await Promise.all(
    paths.map(async (path) => ({ path, text: (await fileAt(root, commit, path)) ?? "" })),
  );
  return files;
}
