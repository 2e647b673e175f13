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
import { type OperationPlan, OperationPlans, type HandOverReason as OperationReason } from "./operation-plan.ts";

type MaybePromise<T> = T | Promise<T>;

export interface ExecutorOptions {
  /**
   * How many objects a selection set is run for before JavaScript is made of it with `new Function`. Default 200; false
   * for never. Where a policy forbids code from strings, none is made either.
   */
  readonly compileAfter?: number | false;
}

/** Why an execution was handed to graphql-js. */
export type HandOverReason = OperationReason | "hooks" | "traced";

/** How many executions went which way, since the executor was made. */
export interface ExecutionCounts {
  /** Breadth first, by a plan. */
  readonly planned: number;
  /** By graphql-js. */
  readonly handedOver: Readonly<Partial<Record<HandOverReason, number>>>;
}

export interface Executor {
  /**
   * Takes the place of graphql-js' `execute`, and gives the same answer: breadth first, by a plan that is made of an
   * operation once. What it has no plan for is handed to graphql-js and counted. Other than there, a schema may declare
   * @defer and @stream, as long as the operation uses neither.
   *
   * @throws what graphql-js throws: for an invalid schema, and an aborted signal
   */
  execute(args: ExecutionArgs): MaybePromise<ExecutionResult>;
  /** The plan for arguments that were validated; the reason, counted, for what is to be executed by graphql-js. */
  plan(args: ValidatedExecutionArgs): OperationPlan | HandOverReason;
  /**
   * Executes a plan.
   *
   * @param bounds of its result and of its time, with the signal that may abort it instead of `externalAbortSignal`.
   *   Without them it is as large as it gets, and has all of its work done in one go
   */
  run(plan: OperationPlan, args: ValidatedExecutionArgs, bounds?: Bounds): MaybePromise<ExecutionResult>;
  readonly counts: ExecutionCounts;
}

export function createExecutor({ compileAfter = 200 }: ExecutorOptions = {}): Executor {
  const plans = new OperationPlans(compileAfter === false ? undefined : compileAfter);
  const handedOver: Partial<Record<HandOverReason, number>> = {};
  const counts = { planned: 0, handedOver };
  const plan = (args: ValidatedExecutionArgs): OperationPlan | HandOverReason => {
    const found = args.hooks ? "hooks" : isTraced() ? "traced" : plans.planOf(args);
    if (typeof found === "string") handedOver[found] = (handedOver[found] ?? 0) + 1;
    else counts.planned++;
    return found;
  };
  const run: Executor["run"] = ({ selection, isSerial }, args, bounds) => {
    const fieldResolver = args.fieldResolver === defaultFieldResolver ? undefined : args.fieldResolver;
    return new OperationExecution(args, selection, fieldResolver, bounds).run(isSerial);
  };
  const execute = (args: ExecutionArgs): MaybePromise<ExecutionResult> => {
    // What is traced has to be seen from its beginning.
    if (isTraced()) {
      handedOver.traced = (handedOver.traced ?? 0) + 1;
      return executeByGraphQLJs(args);
    }
    const validated = validateExecutionArgs(args);
    if (!("schema" in validated)) return { errors: validated };
    const found = plan(validated);
    if (typeof found !== "string") return run(found, validated);
    // Not from the beginning: the variables are coerced already, and a scalar of one's own may be slow or count.
    return found === "incremental" ? executeByGraphQLJs(args) : executeRootSelectionSet(validated);
  };
  return { execute, plan, run, counts };
}

export const { execute } = createExecutor();

/** Where graphql-js tells of its work, and what would not be told of here. */
const channels = ["graphql:execute", "graphql:execute:rootSelectionSet", "graphql:resolve"].map((name) =>
  tracingChannel(name),
);

const isTraced = (): boolean => channels.some(({ hasSubscribers }) => hasSubscribers);
