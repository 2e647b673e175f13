import type { ExecutionResult } from "graphql";
import type { CallLog } from "../../core/call-log.ts";
import { type ExecutionOptions, executeOperation, type Operation } from "../execution/execute-operation.ts";
import type { Deadlines } from "../request/deadlines.ts";
import type { GraphQLRequest } from "../request/graphql-request.ts";
import { RequestLifetime } from "../request/request-lifetime.ts";
import { backstopMs, inOnePiece } from "../request/start-request.ts";
import { isStream } from "../streaming/payload.ts";
import { publishResult } from "./publish-result.ts";

export interface EventOptions extends ExecutionOptions {
  /** Of each event. */
  readonly deadlines: Deadlines;
  createCallLog(): CallLog;
}

/**
 * Executes one event of a subscription as though it were a request of its own: with its own deadline, its own call log,
 * and above all its own context. A subscription lives for hours, and loaders remember what they have read: in one
 * context for all events, a value that a field once asked a source for would stay what it was in the first event, and
 * everything ever read would stay in memory.
 *
 * What belongs to the whole stays shared: the id, the log, and which errors were logged already. Never throws for what
 * happens in a resolver; errors are masked.
 */
export async function executeEvent(
  operation: Operation,
  event: unknown,
  request: GraphQLRequest,
  options: EventOptions,
): Promise<ExecutionResult> {
  const lifetime = new RequestLifetime({
    deadlines: options.deadlines,
    backstopMs,
    client: request.lifetime.executionSignal,
  });
  const eventRequest = request.part({ lifetime, calls: options.createCallLog(), accepted: inOnePiece });
  try {
    const answer = await executeOperation({ ...operation, rootValue: event }, eventRequest, options);
    if (isStream(answer)) throw new TypeError("An event was executed to a stream although nothing in it is deferred.");
    return publishResult(answer, eventRequest);
  } finally {
    request.calls.addCounts(eventRequest.calls);
    lifetime.end();
  }
}
