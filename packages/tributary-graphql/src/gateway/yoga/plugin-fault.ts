import { GraphQLError } from "graphql";
import { type ErrorCode, errorCodes } from "../../core/error-codes.ts";
import { toGraphQLError } from "../execution/execution-errors.ts";
import { httpHintOf, refusal } from "../security/refusal.ts";

const known: ReadonlySet<unknown> = new Set(errorCodes);

/** Codes of plugins for which there is one of ours. Any other one of theirs becomes the code of the step. */
const ownCodes: Readonly<Record<string, ErrorCode>> = {
  PERSISTED_QUERY_NOT_IN_LIST: "PERSISTED_QUERY_NOT_FOUND",
};

/**
 * An error that a hook of a plugin has thrown. A `GraphQLError` is meant for the client: one without a code of ours, and
 * without an HTTP status that tells one, gets the code of the step in which it was thrown. Any other error is unexpected, and
 * masked.
 */
export function pluginFault(code: ErrorCode, thrown: unknown): GraphQLError {
  const error = toGraphQLError(withoutForeignClass(thrown));
  const { extensions, originalError } = error;
  if (originalError || known.has(extensions.code) || httpHintOf(error)?.status !== undefined) return error;
  const { nodes, source, positions, path } = error;
  const { extensions: coded } = refusal(ownCodes[String(extensions.code)] ?? code, error.message, {
    status: 400,
    isDocumentFault: true,
  });
  return new GraphQLError(error.message, { nodes, source, positions, path, extensions: { ...extensions, ...coded } });
}

/**
 * A plugin may bring its own copy of graphql, as GraphQL Armor does, whose errors are of another class. Yoga wraps them in one of
 * ours.
 */
function withoutForeignClass(thrown: unknown): unknown {
  const error = thrown instanceof GraphQLError && thrown.originalError ? thrown.originalError : thrown;
  if (!(error instanceof Error) || error.name !== "GraphQLError" || error instanceof GraphQLError) return thrown;
  const { message, extensions, path } = error as GraphQLError;
  return new GraphQLError(message, { extensions, path });
}
