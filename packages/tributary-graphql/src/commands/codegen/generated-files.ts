import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { buildSchema, type GraphQLSchema } from "graphql";
import { pathsOfApp } from "../app-paths.ts";
import { CheckError } from "../command-error.ts";
import { type OperationFile, type RejectedOperation, rejectedOperations } from "../operations.ts";
import { printContract } from "../printed-schema.ts";
import { generateOperationTypes, scalarTypesOf } from "./operation-types.ts";

/** A file that only `packages/tributary-graphql/src/commands/codegen/codegen.ts` writes. */
export interface GeneratedFile {
  /** Relative to the root. */
  readonly path: string;
  readonly text: string;
}

/**
 * Every generated file as it should be now.
 * Throws {@link CheckError} naming the operations that the schema refuses, or a scalar: there is no type for those.
 */
export async function generateFiles(
  schema: GraphQLSchema,
  operations: readonly OperationFile[],
): Promise<GeneratedFile[]> {
  const printed = printContract(schema);
  const rejected = rejectedOperations(buildSchema(printed), operations);
  if (rejected.length > 0) throw new CheckError(`The schema refuses these operations:\n${listed(rejected)}`);
  return [
    { path: pathsOfApp().printedSchema, text: printed },
    {
      path: pathsOfApp().operationTypes,
      text: await generateOperationTypes(printed, operations, scalarTypesOf(schema)),
    },
  ];
}

/** Paths of the files below `root` that are missing or not what they should be. */
export async function findStaleFiles(root: string, files: readonly GeneratedFile[]): Promise<string[]> {
  const isStale = await Promise.all(files.map(async ({ path, text }) => (await textOf(join(root, path))) !== text));
  return files.filter((_, index) => isStale[index]).map(({ path }) => path);
}

/** Writes what is stale, leaves the rest untouched; returns the paths written. */
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
