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
import type { Answer, Payload } from "../streaming/payload.ts";
import { AbortedExecution } from "./breadth-first/aborted-execution.ts";
import type { Bounds } from "./breadth-first/operation-execution.ts";
import { UnreadValues } from "./breadth-first/unread-values.ts";
import { IncrementalBounds } from "./incremental-bounds.ts";
import { withoutIncremental } from "./incremental-directives.ts";
import { BatchingExecutor, type IncrementalState } from "./incremental-executor.ts";
import { asGraphQLError, lateError, payloadsOf } from "./incremental-payloads.ts";
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

/** How long what a stopped execution waits for gets to settle. A resolver that ignores its signal may never do so. */
const partialAnswerMs = 20;

/**
 * Executes a validated operation: breadth first by its plan, or, where @defer and @stream are wanted, with graphql's own
 * incremental execution. At once when nothing has to be waited for. Never throws for what happens in a resolver; errors
 * are as they were collected, not yet masked.
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
    const answer = executor.run(plan, ready, boundsOf(request, limits));
    return answer instanceof Promise ? answer.catch((error: unknown) => cutShort(error, request)) : answer;
  } catch (error) {
    return { errors: [asGraphQLError(error)] };
  }
}

function boundsOf(request: GraphQLRequest, limits: RequestLimits): Bounds {
  const size = new ResultSize(limits);
  request.lifetime.hold(size);
  return { signal: () => request.lifetime.executionSignal, batches: () => request.batches, size };
}

type Result = Awaited<ReturnType<BatchingExecutor["executeRootSelectionSet"]>>;

/**
 * Deferred work starts after the payload before it is complete (`enableEarlyExecution: false`): started early it joins
 * the loaders' batches of that payload, which then waits for it.
 */
async function executeIncrementally(
  args: ValidatedExecutionArgs,
  request: GraphQLRequest,
  limits: RequestLimits,
): Promise<Answer> {
  const state: IncrementalState = { starts: new Map(), unread: new UnreadValues() };
  try {
    const bounds = IncrementalBounds.of(limits, () => request.batches);
    const { executionSignal } = request.lifetime;
    request.lifetime.hold(bounds.total);
    // What a stopped stream has not handed over is dropped, also where its client never takes the end.
    executionSignal.addEventListener("abort", () => bounds.total.release(), { once: true });
    const withSignal = { ...args, externalAbortSignal: executionSignal };
    const result = await new BatchingExecutor(withSignal, state, bounds).executeRootSelectionSet();
    return "initialResult" in result ? payloadsOf(result, request.lifetime, state.starts, limits, bounds) : result;
  } catch (error) {
    return cutShort(error, request);
  }
}

/** The answer of an execution that was stopped: what it has so far. */
async function cutShort(error: unknown, request: GraphQLRequest): Promise<Answer> {
  if (!request.lifetime.executionSignal.aborted) return { errors: [asGraphQLError(error)] };
  if (request.lifetime.ending === "client-gone") return { data: null };
  const partial = error instanceof AbortedGraphQLExecutionError ? await partialPayload(error) : undefined;
  // Whatever a plan left out has its error.
  if (partial && error instanceof AbortedExecution) return partial;
  const errors: GraphQLError[] = [...(partial?.errors ?? []), lateError()];
  return { data: partial?.data ?? null, errors };
}

/** What a stopped execution has so far, without the payloads that would have followed. */
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
