import { tracingChannel } from "node:diagnostics_channel";
import {
  defaultFieldResolver,
  type ExecutionArgs,
  type ExecutionResult,
  execute as executeByGraphQLJs,
  executeRootSelectionSet,
  type ValidatedExecutionArgs,
  validateExecutionArgs,
} from "graphql";
import type { ExecutionLimits } from "./execution-limits.ts";
import { OperationExecution } from "./operation-execution.ts";
import {
  type Fallback,
  type FallbackReason,
  fallbackFor,
  type OperationPlan,
  OperationPlans,
} from "./operation-plan.ts";

type MaybePromise<T> = T | Promise<T>;

export interface ExecutorOptions {
  /**
   * How many objects a selection set is executed for before it is compiled with `new Function`. Default 200; false for never.
   * Where a policy forbids code from strings, nothing is compiled.
   */
  readonly compileAfter?: number | false;
}

/** How many executions there were since the start. */
export interface ExecutionCounts {
  /** Executed breadth first, by a plan. */
  readonly planned: number;
  /** Executed by graphql-js, by reason. */
  readonly fallback: Readonly<Partial<Record<FallbackReason, number>>>;
}

export interface Executor {
  /**
   * Replaces graphql-js' `execute`, with the same result: breadth first, by a plan that is made once per operation. Operations
   * that cannot be planned fall back to graphql-js. Unlike there, a schema may declare @defer and @stream, as long as the
   * operation uses neither.
   *
   * @throws what graphql-js throws: for an invalid schema, and an aborted signal
   */
  execute(args: ExecutionArgs): MaybePromise<ExecutionResult>;
  /** The plan for validated arguments, or the fallback to graphql-js. Counts either. */
  plan(args: ValidatedExecutionArgs): OperationPlan | Fallback;
  /**
   * Executes a plan.
   *
   * @param limits with the signal that may abort it instead of `externalAbortSignal`. Without limits the result may be of any
   *   size, and the execution never pauses
   */
  executePlan(
    plan: OperationPlan,
    args: ValidatedExecutionArgs,
    limits?: ExecutionLimits,
  ): MaybePromise<ExecutionResult>;
  readonly counts: ExecutionCounts;
}

export function createExecutor({ compileAfter = 200 }: ExecutorOptions = {}): Executor {
  const plans = new OperationPlans(compileAfter === false ? undefined : compileAfter);
  const fallback: Partial<Record<FallbackReason, number>> = {};
  const counts = { planned: 0, fallback };
  const plan = (args: ValidatedExecutionArgs): OperationPlan | Fallback => {
    const found = args.hooks ? fallbackFor("hooks") : isTraced() ? fallbackFor("traced") : plans.planOf(args);
    if (found.kind === "plan") counts.planned++;
    else fallback[found.reason] = (fallback[found.reason] ?? 0) + 1;
    return found;
  };
  const executePlan: Executor["executePlan"] = ({ selection, isSerial }, args, limits) => {
    const fieldResolver = args.fieldResolver === defaultFieldResolver ? undefined : args.fieldResolver;
    return new OperationExecution(args, selection, fieldResolver, limits).start(isSerial);
  };
  const execute = (args: ExecutionArgs): MaybePromise<ExecutionResult> => {
    // A trace begins before the arguments are validated.
    if (isTraced()) {
      fallback.traced = (fallback.traced ?? 0) + 1;
      return executeByGraphQLJs(args);
    }
    const validated = validateExecutionArgs(args);
    if (!("schema" in validated)) return { errors: validated };
    const found = plan(validated);
    if (found.kind === "plan") return executePlan(found, validated);
    // Without `execute`, which would coerce the variables again: a custom scalar may be slow, or count its calls.
    return found.reason === "incremental" ? executeByGraphQLJs(args) : executeRootSelectionSet(validated);
  };
  return { execute, plan, executePlan, counts };
}

export const { execute } = createExecutor();

/** The tracing channels of graphql-js. Plans do not publish to them. */
const channels = ["graphql:execute", "graphql:execute:rootSelectionSet", "graphql:resolve"].map((name) =>
  tracingChannel(name),
);

const isTraced = (): boolean => channels.some(({ hasSubscribers }) => hasSubscribers);
