import { type ExperimentalIncrementalExecutionResults, GraphQLError } from "graphql";
import { asError } from "../../core/thrown-values.ts";
import type { RequestLimits } from "../limits.ts";
import type { RequestLifetime } from "../request/request-lifetime.ts";
import { tooManyPendingParts } from "../security/incremental-limit.ts";
import type { Payload, PendingPart } from "../streaming/payload.ts";
import type { IncrementalBounds } from "./incremental-bounds.ts";
import { pathKey, type StreamStarts } from "./incremental-executor.ts";

export const lateError = (): GraphQLError =>
  new GraphQLError("The request's deadline passed before the answer was complete.", {
    extensions: { code: "DEADLINE_EXCEEDED" },
  });

/**
 * The payloads of an incremental execution, always closed by one with `hasNext: false`: graphql ends the stream without
 * it when it is aborted, and clients then wait, or take the end of the connection for a network error.
 */
export async function* payloadsOf(
  { initialResult, subsequentResults }: ExperimentalIncrementalExecutionResults,
  lifetime: RequestLifetime,
  starts: StreamStarts,
  { pendingParts }: Pick<RequestLimits, "pendingParts">,
  bounds: IncrementalBounds,
): AsyncGenerator<Payload, void, void> {
  let error: GraphQLError | undefined;
  let pending = 0;
  try {
    for await (const payload of joined(initialResult, subsequentResults)) {
      pending += (payload.pending?.length ?? 0) - (payload.completed?.length ?? 0);
      bounds.total.share?.rest();
      yield withStarts(payload, starts);
      bounds.size.subtractJson(payload);
      if (payload.hasNext !== true) return;
      error = bounds.ending ?? (pending > pendingParts ? tooManyPendingParts(pendingParts) : undefined);
      if (error) break;
    }
  } catch (cause) {
    if (!lifetime.executionSignal.aborted) error = asGraphQLError(cause);
  }
  if (lifetime.ending === "client-gone") return;
  yield { cutOff: error ?? lateError(), hasNext: false };
}

/** Left before its end, it stops the execution, also one whose first payload alone was taken. */
async function* joined(
  first: Payload,
  others: AsyncGenerator<Payload, void, void>,
): AsyncGenerator<Payload, void, void> {
  try {
    yield first;
    yield* others;
  } finally {
    await others.return();
  }
}

/** Tells the lists among the pending parts, which the execution announces like fragments. */
function withStarts(payload: Payload, starts: StreamStarts): Payload {
  if (!payload.pending || starts.size === 0) return payload;
  return { ...payload, pending: payload.pending.map((part) => withStart(part, starts)) };
}

function withStart(part: PendingPart, starts: StreamStarts): PendingPart {
  const key = pathKey(part.path);
  const initialCount = starts.get(key);
  if (initialCount === undefined) return part;
  starts.delete(key);
  return { ...part, initialCount };
}

/** Whatever was thrown outside of a field, in the shape that is masked before the client sees it. */
/** A thrown error as it is to be published: a `GraphQLError`, such as a refusal, as it is, and any other one as unexpected. */
export const toGraphQLError = (thrown: unknown): GraphQLError =>
  thrown instanceof GraphQLError ? thrown : asGraphQLError(thrown);

export const asGraphQLError = (cause: unknown): GraphQLError =>
  new GraphQLError("Execution failed.", { originalError: asError(cause), extensions: {} });
