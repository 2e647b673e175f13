import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { buildSchema, type GraphQLSchema } from "graphql";
import { appPaths } from "../app-paths.ts";
import { type CallRecord, emptyRecord } from "../calls/record.ts";
import { CommandError } from "../command-error.ts";
import { type OperationFile, type RejectedOperation, rejectedOperations } from "../operations.ts";
import { printContract } from "../printed-schema.ts";
import { generateOperationTypes, scalarTypesOf, typedDocumentsIn } from "./operation-types.ts";
import { printTrustedDocuments } from "./trusted-documents.ts";

/** A file that only `tributary codegen` writes. */
export interface GeneratedFile {
  /** Relative to the root. */
  readonly path: string;
  readonly text: string;
}

/**
 * Generates all files.
 *
 * @param record the recorded calls, for the budgets of trusted documents. Default: none
 * @throws CommandError with the operations that are invalid against the schema, or with a scalar without a TypeScript type
 */
export async function generateFiles(
  schema: GraphQLSchema,
  operations: readonly OperationFile[],
  record: CallRecord = emptyRecord,
): Promise<GeneratedFile[]> {
  const printed = printContract(schema);
  const rejected = rejectedOperations(buildSchema(printed), operations);
  if (rejected.length > 0)
    throw new CommandError(`These operations are invalid against the schema:\n${listed(rejected)}`);
  const types = await generateOperationTypes(printed, operations, scalarTypesOf(schema));
  return [
    { path: appPaths().printedSchema, text: printed },
    { path: appPaths().trustedDocuments, text: printTrustedDocuments(typedDocumentsIn(types), record) },
    { path: appPaths().operationTypes, text: types },
  ];
}

/** The paths of the files below `root` that are missing or out of date. */
export async function findStaleFiles(root: string, files: readonly GeneratedFile[]): Promise<string[]> {
  const isStale = await Promise.all(files.map(async ({ path, text }) => (await textOf(join(root, path))) !== text));
  return files.filter((_, index) => isStale[index]).map(({ path }) => path);
}

/** Writes the files that are missing or out of date. Fulfils with their paths. */
export async function writeStaleFiles(root: string, files: readonly GeneratedFile[]): Promise<string[]> {
  const stale = await findStaleFiles(root, files);
  for (const { path, text } of files.filter((file) => stale.includes(file.path))) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return stale;
}

const listed = (rejected: readonly RejectedOperation[]): string =>
  rejected.map(({ path, message }) => `  ${path}: ${message}`).join("\n");

async function textOf(file: string): Promise<string | undefined> {
  return readFile(file, "utf8").catch(() => undefined);
}
