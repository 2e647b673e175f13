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
import { type RequestRun, scopeOf } from "../request-run.ts";
import type { RequestScope } from "../request-scope.ts";
import { tooManyIncrementalDirectives } from "../security/incremental-limit.ts";
import { asRefusal } from "../security/refusal.ts";
import type { Answer, Payload } from "../streaming/payload.ts";
import { BatchingExecutor, type StreamStarts } from "./incremental-executor.ts";
import { asGraphQLError, lateError, payloadsOf } from "./incremental-payloads.ts";
import { withoutIncremental } from "./without-incremental.ts";

export interface Operation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly variableValues?: Readonly<Record<string, unknown>> | null;
  readonly operationName?: string | null;
  /** What the root's fields are resolved from: an event of a subscription. */
  readonly rootValue?: unknown;
}

export interface ExecutionOptions {
  createContext(scope: RequestScope): object;
  readonly hideSuggestions: boolean;
  readonly limits: RequestLimits;
}

/** How long a stopped execution gets to hand over its partial answer. It never does if a resolver never settles. */
const partialAnswerMs = 20;

/**
 * Executes a validated operation with graphql's own incremental execution. Deferred work starts after the payload before
 * it is complete (`enableEarlyExecution: false`): started early it joins the loaders' batches of that payload, which then
 * waits for it. Never throws for what happens in a resolver; errors are as graphql collected them, not yet masked.
 */
export async function executeOperation(
  operation: Operation,
  run: RequestRun,
  options: ExecutionOptions,
): Promise<Answer> {
  const args = validateExecutionArgs({
    ...operation,
    document: run.accepted.stream ? operation.document : withoutIncremental(operation.document),
    hideSuggestions: options.hideSuggestions,
    enableEarlyExecution: false,
    abortSignal: run.lifetime.executionSignal,
  });
  if (!("schema" in args)) return { errors: args.map((error) => asRefusal("BAD_USER_INPUT", error)) };
  const tooMany = tooManyIncrementalDirectives(args, options.limits);
  if (tooMany) return { errors: [tooMany] };
  try {
    const contextValue = options.createContext(scopeOf(run));
    return await answerOf({ ...args, contextValue }, run, options.limits);
  } catch (error) {
    return { errors: [asGraphQLError(error)] };
  }
}

type Result = Awaited<ReturnType<BatchingExecutor["executeRootSelectionSet"]>>;

async function answerOf(args: ValidatedExecutionArgs, run: RequestRun, limits: RequestLimits): Promise<Answer> {
  const starts: StreamStarts = new Map();
  try {
    const result = await new BatchingExecutor(args, starts).executeRootSelectionSet();
    return "initialResult" in result ? payloadsOf(result, run.lifetime, starts, limits) : result;
  } catch (error) {
    if (!run.lifetime.executionSignal.aborted) throw error;
    if (run.lifetime.ending === "client-gone") return { data: null };
    const partial =
      error instanceof AbortedGraphQLExecutionError ? await partialPayload(error.abortedResult) : undefined;
    const errors: GraphQLError[] = [...(partial?.errors ?? []), lateError()];
    return { data: partial?.data ?? null, errors };
  }
}

/** What a stopped execution has so far, without the payloads that would have followed. */
async function partialPayload(pending: Result | Promise<Result>): Promise<Payload | undefined> {
  const timer = new AbortController();
  const result = await Promise.race([
    Promise.resolve(pending).catch(() => undefined),
    delay(partialAnswerMs, undefined, { signal: timer.signal }).catch(() => undefined),
  ]);
  timer.abort();
  if (result === undefined || !("initialResult" in result)) return result;
  void result.subsequentResults.return().catch(() => undefined);
  return result.initialResult;
}
