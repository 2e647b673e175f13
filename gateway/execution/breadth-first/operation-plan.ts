import {
  defaultFieldResolver,
  type GraphQLSchema,
  type OperationDefinitionNode,
  OperationTypeNode,
  type ValidatedExecutionArgs,
} from "graphql";
import { collectFields } from "graphql/execution/collectFields.js";
import { LRUCache } from "lru-cache";
import { type PlanOptions, SelectionPlan } from "./selection-plan.ts";

export interface OperationPlan {
  readonly selection: SelectionPlan;
  readonly isSerial: boolean;
}

const plans = new WeakMap<GraphQLSchema, WeakMap<OperationDefinitionNode, LRUCache<string, OperationPlan>>>();

export function planOf(args: ValidatedExecutionArgs): OperationPlan | undefined {
  const { schema, operation } = args;
  let known = plans.get(schema);
  if (!known) plans.set(schema, (known = new WeakMap()));
  let variants = known.get(operation);
  if (!variants) known.set(operation, (variants = new LRUCache({ max: 16 })));
  const key = "";
  let plan = variants.get(key);
  if (!plan) {
    const rootType = schema.getRootType(operation.operation);
    if (!rootType) return undefined;
    const { groupedFieldSet } = collectFields(
      schema,
      args.fragments,
      args.variableValues,
      rootType,
      operation.selectionSet,
      args.hideSuggestions,
    );
    const isSerial = operation.operation === OperationTypeNode.MUTATION;
    const options: PlanOptions = { readsProperties: args.fieldResolver === defaultFieldResolver, compileAfter: 200 };
    plan = { isSerial, selection: new SelectionPlan(schema, rootType, groupedFieldSet, options, isSerial) };
    variants.set(key, plan);
  }
  return plan;
}
