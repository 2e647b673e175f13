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
import { type Bounds, OperationExecution } from "./operation-execution.ts";
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
   * How many objects a selection set is run for before JavaScript is made of it with `new Function`. Default 200; false
   * for never. Where a policy forbids code from strings, none is made either.
   */
  readonly compileAfter?: number | false;
}

/** How many executions there were since the executor was made. */
export interface ExecutionCounts {
  /** Executed breadth first, by a plan. */
  readonly planned: number;
  /** Executed by graphql-js, by reason. */
  readonly fallback: Readonly<Partial<Record<FallbackReason, number>>>;
}

export interface Executor {
  /**
   * Replaces graphql-js' `execute`, and gives the same answer: breadth first, by a plan that is made of an
   * operation once. Operations without a plan fall back to graphql-js, and are counted. Unlike there, a schema may declare
   * @defer and @stream, as long as the operation uses neither.
   *
   * @throws what graphql-js throws: for an invalid schema, and an aborted signal
   */
  execute(args: ExecutionArgs): MaybePromise<ExecutionResult>;
  /** The plan for validated arguments. A fallback, which is counted, is to be executed by graphql-js. */
  plan(args: ValidatedExecutionArgs): OperationPlan | Fallback;
  /**
   * Executes a plan.
   *
   * @param bounds of its result and of its time, with the signal that may abort it instead of `externalAbortSignal`.
   *   Without them the result is unbounded, and the execution never pauses
   */
  run(plan: OperationPlan, args: ValidatedExecutionArgs, bounds?: Bounds): MaybePromise<ExecutionResult>;
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
  const run: Executor["run"] = ({ selection, isSerial }, args, bounds) => {
    const fieldResolver = args.fieldResolver === defaultFieldResolver ? undefined : args.fieldResolver;
    return new OperationExecution(args, selection, fieldResolver, bounds).run(isSerial);
  };
  const execute = (args: ExecutionArgs): MaybePromise<ExecutionResult> => {
    // A trace has to begin with the execution.
    if (isTraced()) {
      fallback.traced = (fallback.traced ?? 0) + 1;
      return executeByGraphQLJs(args);
    }
    const validated = validateExecutionArgs(args);
    if (!("schema" in validated)) return { errors: validated };
    const found = plan(validated);
    if (found.kind === "plan") return run(found, validated);
    // Without `execute`, which would coerce the variables again: a custom scalar may be slow, or count its calls.
    return found.reason === "incremental" ? executeByGraphQLJs(args) : executeRootSelectionSet(validated);
  };
  return { execute, plan, run, counts };
}

export const { execute } = createExecutor();

/** The tracing channels of graphql-js. Plans do not publish to them. */
const channels = ["graphql:execute", "graphql:execute:rootSelectionSet", "graphql:resolve"].map((name) =>
  tracingChannel(name),
);

const isTraced = (): boolean => channels.some(({ hasSubscribers }) => hasSubscribers);
