import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  Source,
  validate,
} from "graphql";
import { pathsOfApp } from "./app-paths.ts";
import { CheckError } from "./command-error.ts";

/** One `.graphql` file of a client. */
export interface OperationFile {
  /** Relative to the root, `operations/city-page.graphql`. */
  readonly path: string;
  readonly text: string;
}

/** An operation that a schema refuses, and why. */
export interface RejectedOperation {
  readonly path: string;
  readonly message: string;
}

/** Every `operations/*.graphql` below `root`, sorted by name; none when the folder is absent. */
export async function readOperationFiles(root: string): Promise<OperationFile[]> {
  const names = await readdir(join(root, pathsOfApp().operations)).catch(() => []);
  const paths = names.filter((name) => name.endsWith(".graphql")).sort();
  return Promise.all(
    paths.map(async (name) => ({
      path: `${pathsOfApp().operations}/${name}`,
      text: await readFile(join(root, pathsOfApp().operations, name), "utf8"),
    })),
  );
}

/** All files as one document: a fragment may be used from another file. Throws {@link CheckError} on a syntax error. */
export function parseOperations(files: readonly OperationFile[]): DocumentNode {
  const definitions = files.flatMap(({ path, text }) => {
    try {
      return parse(new Source(text, path)).definitions;
    } catch (error) {
      if (error instanceof GraphQLError) throw new CheckError(`${path}: ${error.message}${lineOf(error)}`);
      throw error;
    }
  });
  return { kind: Kind.DOCUMENT, definitions };
}

/** Which of the operations `schema` refuses. Empty when every client keeps working. */
export function rejectedOperations(schema: GraphQLSchema, files: readonly OperationFile[]): RejectedOperation[] {
  const document = parseOperations(files);
  if (document.definitions.length === 0) return [];
  return [...validate(schema, document), ...unnamedOperations(document)].map((error) => ({
    path: error.source?.name ?? pathsOfApp().operations,
    message: `${error.message}${lineOf(error)}`,
  }));
}

function unnamedOperations(document: DocumentNode): GraphQLError[] {
  const isUnnamed = (node: { kind: string }): node is OperationDefinitionNode =>
    node.kind === Kind.OPERATION_DEFINITION && !("name" in node && node.name);
  return document.definitions
    .filter(isUnnamed)
    .map((node) => new GraphQLError("An operation of a client needs a name.", { nodes: node }));
}

function lineOf(error: GraphQLError): string {
  const line = error.locations?.[0]?.line;
  return line === undefined ? "" : ` (line ${line})`;
}
