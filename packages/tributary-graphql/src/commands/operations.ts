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
import { appPaths } from "./app-paths.ts";
import { CommandError } from "./command-error.ts";

/** A `.graphql` file with client operations. */
export interface OperationFile {
  /** Relative to the root, `operations/city-page.graphql`. */
  readonly path: string;
  readonly text: string;
}

/** An operation that is invalid against a schema. */
export interface RejectedOperation {
  readonly path: string;
  readonly message: string;
}

/** The files `operations/*.graphql` below `root`, sorted by name. Empty without the folder. */
export async function readOperationFiles(root: string): Promise<OperationFile[]> {
  const names = await readdir(join(root, appPaths().operations)).catch(() => []);
  const paths = names.filter((name) => name.endsWith(".graphql")).sort();
  return Promise.all(
    paths.map(async (name) => ({
      path: `${appPaths().operations}/${name}`,
      text: await readFile(join(root, appPaths().operations, name), "utf8"),
    })),
  );
}

/** Parses all files into one document, as fragments may be in another file. @throws CommandError for a syntax error */
export function parseOperations(files: readonly OperationFile[]): DocumentNode {
  const definitions = files.flatMap(({ path, text }) => {
    try {
      return parse(new Source(text, path)).definitions;
    } catch (error) {
      if (error instanceof GraphQLError) throw new CommandError(`${path}: ${error.message}${lineOf(error)}`);
      throw error;
    }
  });
  return { kind: Kind.DOCUMENT, definitions };
}

/** The operations that are invalid against `schema`, or have no name. */
export function rejectedOperations(schema: GraphQLSchema, files: readonly OperationFile[]): RejectedOperation[] {
  const document = parseOperations(files);
  if (document.definitions.length === 0) return [];
  return [...validate(schema, document), ...unnamedOperations(document)].map((error) => ({
    path: error.source?.name ?? appPaths().operations,
    message: `${error.message}${lineOf(error)}`,
  }));
}

function unnamedOperations(document: DocumentNode): GraphQLError[] {
  const isUnnamed = (node: { kind: string }): node is OperationDefinitionNode =>
    node.kind === Kind.OPERATION_DEFINITION && !("name" in node && node.name);
  return document.definitions
    .filter(isUnnamed)
    .map((node) => new GraphQLError("The operation has no name.", { nodes: node }));
}

function lineOf(error: GraphQLError): string {
  const line = error.locations?.[0]?.line;
  return line === undefined ? "" : ` (line ${line})`;
}
