import type { ExperimentalIncrementalExecutionResults, GraphQLError } from "graphql";
import type { RequestLifetime } from "../request/request-lifetime.ts";
import { tooManyPendingParts } from "../security/incremental-limit.ts";
import type { Payload, PendingPart } from "../streaming/payload.ts";
import { deadlineError, unexpectedError } from "./execution-errors.ts";
import type { FallbackLimits } from "./fallback-limits.ts";
import { type InitialCounts, pathKey } from "./incremental-executor.ts";

/**
 * The payloads of an incremental execution, always closed by one with `hasNext: false`: graphql ends the stream without
 * it when it is aborted, and clients then wait, or take the end of the connection for a network error.
 */
export async function* payloadsOf(
  { initialResult, subsequentResults }: ExperimentalIncrementalExecutionResults,
  lifetime: RequestLifetime,
  initialCounts: InitialCounts,
  limits: FallbackLimits,
  maxPendingParts: number,
): AsyncGenerator<Payload, void, void> {
  let error: GraphQLError | undefined;
  let pending = 0;
  try {
    for await (const payload of joined(initialResult, subsequentResults)) {
      pending += (payload.pending?.length ?? 0) - (payload.completed?.length ?? 0);
      limits.total.share?.setIdle();
      yield withInitialCounts(payload, initialCounts);
      limits.size.subtractJson(payload);
      if (payload.hasNext !== true) return;
      error = limits.ending ?? (pending > maxPendingParts ? tooManyPendingParts(maxPendingParts) : undefined);
      if (error) break;
    }
  } catch (cause) {
    if (!lifetime.executionSignal.aborted) error = unexpectedError(cause);
  }
  if (lifetime.ending === "client-gone") return;
  yield { cutOff: error ?? deadlineError(), hasNext: false };
}

/** Aborts the execution when its reader returns early, even after the first payload. */
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

/** Marks the pending parts that are lists, which graphql-js announces like fragments. */
function withInitialCounts(payload: Payload, counts: InitialCounts): Payload {
  if (!payload.pending || counts.size === 0) return payload;
  return { ...payload, pending: payload.pending.map((part) => withInitialCount(part, counts)) };
}

function withInitialCount(part: PendingPart, counts: InitialCounts): PendingPart {
  const key = pathKey(part.path);
  const initialCount = counts.get(key);
  if (initialCount === undefined) return part;
  counts.delete(key);
  return { ...part, initialCount };
}
