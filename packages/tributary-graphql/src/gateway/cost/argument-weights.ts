import { type FieldNode, type GraphQLInputType, getNamedType, isInputObjectType } from "graphql";
import type { OperationVariables } from "./operation-variables.ts";
import { type FieldCost, type SchemaCosts, saturated } from "./schema-costs.ts";

/** The cost of one execution of a field, with the arguments that are given, and without the values that it returns. */
export function executionCost(
  { weight, weighedArguments }: FieldCost,
  node: FieldNode,
  costs: SchemaCosts,
  variables: OperationVariables,
): number {
  let sum = weight;
  for (const argument of weighedArguments) {
    const given = node.arguments?.find((each) => each.name.value === argument.name);
    const value = given && variables.valueOf(given.value);
    if (value !== undefined) sum += costs.weightOfInput(argument) + inputWeight(value, argument.type, costs);
  }
  return saturated(sum);
}

function inputWeight(value: unknown, given: GraphQLInputType, costs: SchemaCosts): number {
  if (!costs.isWeighedInput(given)) return 0;
  if (Array.isArray(value))
    return value.reduce<number>((sum, each) => saturated(sum + inputWeight(each, given, costs)), 0);
  const type = getNamedType(given);
  if (typeof value !== "object" || value === null || !isInputObjectType(type)) return 0;
  let weight = 0;
  for (const field of Object.values(type.getFields())) {
    const member = (value as Readonly<Record<string, unknown>>)[field.name];
    if (member !== undefined) weight += costs.weightOfInput(field) + inputWeight(member, field.type, costs);
  }
  return saturated(weight);
}
