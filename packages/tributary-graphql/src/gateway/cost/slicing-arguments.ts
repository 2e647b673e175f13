import {
  type FieldNode,
  type GraphQLField,
  type GraphQLInputType,
  getNamedType,
  getNullableType,
  isInputObjectType,
  isListType,
} from "graphql";
import type { ListSize } from "../../core/cost-options.ts";
import { defaultOf, isWholeNumber, type OperationVariables } from "./operation-variables.ts";

/** The part of a list that the arguments of a field ask for. */
export interface Slice {
  /** How many slicing arguments are given, not counting those that are null. */
  readonly given: number;
  /** The number of items; undefined where neither an argument nor a default says it. */
  readonly asked: number | undefined;
}

/** Of several slicing arguments that are given the largest counts, and a default only where none is given. */
export function sliceOf(
  { slicingArguments = [] }: ListSize,
  { args }: GraphQLField<unknown, unknown>,
  node: FieldNode,
  variables: OperationVariables,
): Slice {
  let given = 0;
  let asked: number | undefined;
  let byDefault: number | undefined;
  for (const path of slicingArguments) {
    const [name, ...members] = path.split(".");
    const definition = args.find((each) => each.name === name);
    if (definition === undefined) continue;
    const isList = isListAt(definition.type, members);
    const argument = node.arguments?.find((each) => each.name.value === name);
    const value = argument && memberOf(variables.valueOf(argument.value), members);
    if (value !== undefined && value !== null) given++;
    asked = larger(asked, numberOfItems(value, isList));
    if (value === undefined)
      byDefault = larger(byDefault, numberOfItems(memberOf(defaultOf(definition), members), isList));
  }
  return { given, asked: asked ?? byDefault };
}

const larger = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? (one ?? other) : Math.max(one, other);

/**
 * A list has as many items as an argument that is a list, and otherwise as its number. Numbers are also read from texts, as
 * some scalars do. Undefined for other values, which the execution refuses.
 */
function numberOfItems(value: unknown, isList: boolean): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (isList) return Array.isArray(value) ? value.length : 1;
  const number = typeof value === "string" && isWholeNumber(value) ? Number(value) : value;
  return typeof number === "number" && Number.isInteger(number) ? Math.max(0, number) : undefined;
}

function isListAt(type: GraphQLInputType, members: readonly string[]): boolean {
  let inner: GraphQLInputType = type;
  for (const member of members) {
    const object: unknown = getNamedType(inner);
    const field = isInputObjectType(object) ? object.getFields()[member] : undefined;
    if (field === undefined) return false;
    inner = field.type;
  }
  return isListType(getNullableType(inner));
}

function memberOf(value: unknown, members: readonly string[]): unknown {
  let member = value;
  for (const name of members) {
    if (typeof member !== "object" || member === null || !Object.hasOwn(member, name)) return undefined;
    member = (member as Readonly<Record<string, unknown>>)[name];
  }
  return member;
}
