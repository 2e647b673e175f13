import { GraphQLError } from "graphql";
import { asError } from "../../core/thrown-values.ts";

/** For an answer that the request's deadline has cut short. */
export const deadlineError = (): GraphQLError =>
  new GraphQLError("The request's deadline passed before the answer was complete.", {
    extensions: { code: "DEADLINE_EXCEEDED" },
  });

/** A thrown value as an error of the answer: a `GraphQLError`, such as a refusal, as it is, any other one as unexpected. */
export const toGraphQLError = (thrown: unknown): GraphQLError =>
  thrown instanceof GraphQLError ? thrown : unexpectedError(thrown);

/** An error that is masked before a client sees it. */
export const unexpectedError = (cause: unknown): GraphQLError =>
  new GraphQLError("Execution failed.", { originalError: asError(cause), extensions: {} });
