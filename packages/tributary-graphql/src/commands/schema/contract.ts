import { buildSchema, type GraphQLSchema } from "graphql";
import { appPaths } from "../app-paths.ts";
import { fileAt, pathsAt } from "../git.ts";
import { type OperationFile, readOperationFiles } from "../operations.ts";
import { printContract } from "../printed-schema.ts";
import { type Approval, type FreshStart, fingerprintOf, parseApprovals, readApprovals } from "./approvals.ts";

/** The contract with clients at one commit, or in the work tree. */
export interface Contract {
  readonly schema: GraphQLSchema;
  readonly operations: readonly OperationFile[];
  readonly approvals: readonly Approval[];
  readonly freshStart: FreshStart | undefined;
  /** The fingerprint of the printed schema. */
  readonly fingerprint: string;
}

/** The contract in the work tree, with the schema as the code defines it. */
export async function contractHere(root: string, schema: GraphQLSchema): Promise<Contract> {
  const { approved: approvals, freshStart } = await readApprovals(root);
  return { ...printedAs(printContract(schema)), operations: await readOperationFiles(root), approvals, freshStart };
}

/** The contract at a commit; undefined if the commit has no printed schema. */
export async function contractAt(root: string, commit: string): Promise<Contract | undefined> {
  const printed = await fileAt(root, commit, appPaths().printedSchema);
  if (printed === undefined) return undefined;
  const { approved: approvals, freshStart } = parseApprovals(await fileAt(root, commit, appPaths().approvals));
  return { ...printedAs(printed), operations: await operationsAt(root, commit), approvals, freshStart };
}

const printedAs = (printed: string): Pick<Contract, "schema" | "fingerprint"> => ({
  schema: buildSchema(printed),
  fingerprint: fingerprintOf(printed),
});

async function operationsAt(root: string, commit: string): Promise<OperationFile[]> {
  const paths = (await pathsAt(root, commit, appPaths().operations)).filter((path) => path.endsWith(".graphql")).sort();
  const files = await Promise.all(
    paths.map(async (path) => ({ path, text: (await fileAt(root, commit, path)) ?? "" })),
  );
  return files;
}
