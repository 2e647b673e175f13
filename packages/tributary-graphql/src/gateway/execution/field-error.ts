import { type ASTNode, GraphQLError, locatedError } from "graphql";
import { asError, isError, readProperty } from "../../core/thrown-values.ts";

/**
 * The error of a field, with its locations in the document and its path in the response, as graphql makes it. A foreign error
 * that has a `path` of its own (of a file, or of an invalid value) gets the field's path: graphql would take it for a
 * `GraphQLError`.
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
    // Its properties cannot be read. It is described below.
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
