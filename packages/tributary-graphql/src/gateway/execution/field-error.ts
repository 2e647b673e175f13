import { type ASTNode, GraphQLError, locatedError } from "graphql";
import { asError, isError, readProperty } from "../../core/thrown-values.ts";

/**
 * The error of a field, with its position in the document and in the response, as graphql makes it. Errors of other kinds
 * that have a `path` too (of a file, or of a value that did not match) get the field's path: graphql would take such an
 * error for one of its own.
 */
export function fieldError(
  thrown: unknown,
  nodes: readonly ASTNode[] | undefined,
  path: readonly (string | number)[],
): GraphQLError {
  try {
    const isForeign = isError(thrown) && !(thrown instanceof Error);
    const hasPath = Array.isArray(readProperty(thrown, "path"));
    if (!isForeign && (!hasPath || (thrown instanceof GraphQLError && isPath(thrown.path)))) {
      const located = locatedError(thrown, nodes, path);
      if (located instanceof GraphQLError) return located;
    }
  } catch {
    // It cannot be read, and is described below.
  }
  const originalError = asError(thrown);
  return new GraphQLError(originalError.message, { nodes, path, originalError, extensions: extensionsOf(thrown) });
}

export const isPath = (path: unknown): path is readonly (string | number)[] =>
  Array.isArray(path) && path.every((key) => typeof key === "string" || Number.isFinite(key));

function extensionsOf(thrown: unknown): Record<string, unknown> {
  const extensions = readProperty(thrown, "extensions");
  return typeof extensions === "object" && extensions !== null ? (extensions as Record<string, unknown>) : {};
}
