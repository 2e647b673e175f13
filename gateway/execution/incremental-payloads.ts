import { GraphQLError, type LegacyExperimentalIncrementalExecutionResults } from "graphql";
import type { RequestLifetime } from "../request-lifetime.ts";
import type { Payload } from "../streaming/payload.ts";

export const lateError = (): GraphQLError =>
  new GraphQLError("The request's deadline passed before the answer was complete.", {
    extensions: { code: "DEADLINE_EXCEEDED" },
  });

/**
 * The payloads of an incremental execution, always closed by one with `hasNext: false`: graphql ends the stream without
 * it when it is aborted, and clients then wait, or take the end of the connection for a network error.
 */
export async function* payloadsOf(
  { initialResult, subsequentResults }: LegacyExperimentalIncrementalExecutionResults,
  lifetime: RequestLifetime,
): AsyncGenerator<Payload, void, void> {
  let error: GraphQLError | undefined;
  try {
    yield initialResult;
    for await (const payload of subsequentResults) {
      yield payload;
      if (!payload.hasNext) return;
    }
  } catch (cause) {
    if (!lifetime.executionSignal.aborted) error = asGraphQLError(cause);
  }
  if (lifetime.ending === "client-gone") return;
  // No `data: null` here: for the path of the root, urql would take it for the end of everything it has.
  yield { incremental: [{ path: [], errors: [error ?? lateError()] }], hasNext: false };
}

/** Whatever was thrown outside of a field, in the shape that is masked before the client sees it. */
export const asGraphQLError = (cause: unknown): GraphQLError =>
  new GraphQLError("Execution failed.", { originalError: cause instanceof Error ? cause : new Error(String(cause)) });
