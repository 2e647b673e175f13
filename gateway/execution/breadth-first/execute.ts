import {
  defaultFieldResolver,
  type ExecutionArgs,
  type ExecutionResult,
  execute as executeByGraphQLJs,
  type ValidatedExecutionArgs,
  validateExecutionArgs,
} from "graphql";
import { Execution } from "./execution.ts";
import { planOf } from "./operation-plan.ts";

type MaybePromise<T> = T | Promise<T>;

export function execute(args: ExecutionArgs): MaybePromise<ExecutionResult> {
  const validated = validateExecutionArgs(args);
  if (!("schema" in validated)) return { errors: validated };
  return executeValidated(validated) ?? executeByGraphQLJs(args);
}

export function executeValidated(args: ValidatedExecutionArgs): MaybePromise<ExecutionResult> | undefined {
  const plan = planOf(args);
  if (!plan) return undefined;
  const fieldResolver = args.fieldResolver === defaultFieldResolver ? undefined : args.fieldResolver;
  return new Execution(args, plan.selection, fieldResolver).run(plan.isSerial);
}
