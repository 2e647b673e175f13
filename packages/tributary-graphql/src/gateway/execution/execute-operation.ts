import { setTimeout as delay } from "node:timers/promises";
import {
  AbortedGraphQLExecutionError,
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  type ValidatedExecutionArgs,
  validateExecutionArgs,
} from "graphql";
import type { RequestLimits } from "../limits.ts";
import { type GraphQLRequest, type GraphQLRequestScope, scopeOf } from "../request/graphql-request.ts";
import { tooManyIncrementalDirectives } from "../security/incremental-limit.ts";
import { asRefusal, maxRefusalErrors } from "../security/refusal.ts";
import type { GatewayServices } from "../services.ts";
import { type Answer, isStream, type Payload } from "../streaming/payload.ts";
import { AbortedExecution } from "./breadth-first/aborted-execution.ts";
import type { ExecutionLimits } from "./breadth-first/execution-limits.ts";
import { RejectionHandlers } from "./breadth-first/rejection-handlers.ts";
import { deadlineError, unexpectedError } from "./execution-errors.ts";
import { FallbackLimits } from "./fallback-limits.ts";
import { withoutIncremental } from "./incremental-directives.ts";
import { BatchingExecutor, type IncrementalState } from "./incremental-executor.ts";
import { payloadsOf } from "./incremental-payloads.ts";
import { ResultSize } from "./result-size.ts";

export interface Operation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly variableValues?: Readonly<Record<string, unknown>> | null;
  readonly operationName?: string | null;
  /** The parent of the root fields: an event of a subscription. */
  readonly rootValue?: unknown;
  /** Default: the gateway's. */
  readonly createContext?: (scope: GraphQLRequestScope) => object;
  /** For each event of a subscription. Default: `createContext`. */
  readonly createEventContext?: (scope: GraphQLRequestScope) => object;
}

export type ExecutionServices = Pick<GatewayServices, "executor" | "createContext" | "isProduction" | "limits">;

/** How long the pending values of an aborted execution may take to settle. A resolver that ignores its signal may never do. */
const partialAnswerMs = 20;

/**
 * Executes a validated operation: breadth first by its plan, or by graphql-js where it falls back. The answer is there at once
 * when no value was pending. Errors of resolvers are part of it, never thrown, and not masked yet.
 */
export function executeOperation(
  operation: Operation,
  request: GraphQLRequest,
  services: ExecutionServices,
): Answer | Promise<Answer> {
  const { executor, isProduction, limits } = services;
  const { createContext = services.createContext, createEventContext: _, ...given } = operation;
  const args = validateExecutionArgs({
    ...given,
    document: request.accepted.stream ? operation.document : withoutIncremental(operation.document),
    hideSuggestions: isProduction,
    enableEarlyExecution: false,
    options: { maxCoercionErrors: maxRefusalErrors },
  });
  if (!("schema" in args)) return { errors: args.map((error) => asRefusal("BAD_USER_INPUT", error)) };
  const plan = executor.plan(args);
  if (plan.kind === "fallback") {
    request.report.setFallback(plan.reason);
    const tooMany = tooManyIncrementalDirectives(args, limits);
    if (tooMany) return { errors: [tooMany] };
  }
  try {
    const ready = { ...args, contextValue: createContext(scopeOf(request)) };
    if (plan.kind === "fallback") return executeIncrementally(ready, request, limits);
    const answer = executor.executePlan(plan, ready, executionLimits(request, limits));
    if (!(answer instanceof Promise)) return measured(answer, request);
    const complete = answer.catch((error: unknown) => partialAnswer(error, request));
    return request.measuresCost ? complete.then((value) => measured(value, request)) : complete;
  } catch (error) {
    return { errors: [unexpectedError(error)] };
  }
}

/** The result is kept for the cost of its request, where somebody reads it. */
function measured<Value extends Answer>(answer: Value, request: GraphQLRequest): Value {
  if (request.measuresCost && !isStream(answer)) request.cost?.setResult(answer);
  return answer;
}

function executionLimits(request: GraphQLRequest, limits: RequestLimits): ExecutionLimits {
  const size = new ResultSize(limits);
  request.lifetime.hold(size);
  return { signal: () => request.lifetime.executionSignal, batchScheduler: () => request.batchScheduler, size };
}

type Result = Awaited<ReturnType<BatchingExecutor["executeRootSelectionSet"]>>;

/**
 * Deferred work starts when the payload before it is complete (`enableEarlyExecution: false`): started early, its keys join
 * the loaders' batches of that payload, which then waits for them.
 */
async function executeIncrementally(
  args: ValidatedExecutionArgs,
  request: GraphQLRequest,
  requestLimits: RequestLimits,
): Promise<Answer> {
  const state: IncrementalState = { initialCounts: new Map(), rejectionHandlers: new RejectionHandlers() };
  try {
    const limits = FallbackLimits.of(requestLimits, () => request.batchScheduler);
    const { executionSignal } = request.lifetime;
    request.lifetime.hold(limits.total);
    // An aborted stream drops its unsent payloads, even if its client never reads the end.
    executionSignal.addEventListener("abort", () => limits.total.release(), { once: true });
    const withSignal = { ...args, externalAbortSignal: executionSignal };
    const result = await new BatchingExecutor(withSignal, state, limits).executeRootSelectionSet();
    if (!("initialResult" in result)) return measured(result, request);
    return payloadsOf(result, request.lifetime, state.initialCounts, limits, requestLimits.pendingParts);
  } catch (error) {
    return partialAnswer(error, request);
  }
}

/** The answer of an execution that was aborted: the values that it has so far. */
async function partialAnswer(error: unknown, request: GraphQLRequest): Promise<Answer> {
  if (!request.lifetime.executionSignal.aborted) return { errors: [unexpectedError(error)] };
  if (request.lifetime.ending === "client-gone") return { data: null };
  const partial = error instanceof AbortedGraphQLExecutionError ? await partialPayload(error) : undefined;
  // An aborted plan lists an error for each value that is missing.
  if (partial && error instanceof AbortedExecution) return partial;
  const errors: GraphQLError[] = [...(partial?.errors ?? []), deadlineError()];
  return { data: partial?.data ?? null, errors };
}

/** The result of an aborted execution so far, without the payloads that would have followed. */
async function partialPayload(error: AbortedGraphQLExecutionError<Result>): Promise<Payload | undefined> {
  const pending = Promise.resolve(error.abortedResult).catch(() => undefined);
  const timer = new AbortController();
  const giveUp = async () => {
    await delay(partialAnswerMs, undefined, { signal: timer.signal });
    if (!(error instanceof AbortedExecution)) return undefined;
    error.giveUp();
    return pending;
  };
  const result = await Promise.race([pending, giveUp().catch(() => undefined)]);
  timer.abort();
  if (result === undefined || !("initialResult" in result)) return result;
  void result.subsequentResults.return().catch(() => undefined);
  return result.initialResult;
}
