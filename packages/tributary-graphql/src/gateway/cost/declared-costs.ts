import {
  type ConstDirectiveNode,
  type DirectiveNode,
  type GraphQLArgument,
  type GraphQLEnumType,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLObjectType,
  type GraphQLScalarType,
  getNullableType,
  isListType,
  valueFromASTUntyped,
} from "graphql";
import { type CostOptions, type ListSize, type PageSize, pageSizeKey } from "../../core/cost-options.ts";
import { describeValue } from "../../core/thrown-values.ts";

/** A part of a schema that can have a cost. */
export type CostedElement =
  | GraphQLField<unknown, unknown>
  | GraphQLArgument
  | GraphQLInputField
  | GraphQLObjectType
  | GraphQLScalarType
  | GraphQLEnumType;

/** The directive `@cost` as it was applied, or the option `weight` of Pothos. */
export function declaredWeight(element: CostedElement, name: string): number | undefined {
  const given = pothosOptions(element)?.weight ?? appliedDirective(element, "cost")?.weight;
  if (given === undefined || given === null) return undefined;
  const weight = typeof given === "string" && given.trim() !== "" ? Number(given) : given;
  if (typeof weight === "number" && Number.isFinite(weight) && weight >= 0) return weight;
  throw new RangeError(`${name}: the weight of @cost must be a number, at least 0, not ${describeValue(given)}.`);
}

/** The directive `@listSize` as it was applied, or the option `listSize` of Pothos, or that of a connection's arguments. */
export function declaredListSize(field: GraphQLField<unknown, unknown>, name: string): ListSize | undefined {
  const given = pothosOptions(field)?.listSize ?? appliedDirective(field, "listSize");
  return given === undefined ? pageOf(field) : checkedListSize(given, field, name);
}

/** A field with the arguments of `connectionArguments`. */
function pageOf({ args, type }: GraphQLField<unknown, unknown>): ListSize | undefined {
  const slicing = args.filter(({ extensions }) => extensions[pageSizeKey] !== undefined);
  const [first] = slicing;
  if (first === undefined) return undefined;
  const { default: assumedSize, max: maxSize } = first.extensions[pageSizeKey] as PageSize;
  return {
    assumedSize,
    slicingArguments: slicing.map(({ name }) => name),
    ...(!isListType(getNullableType(type)) && { sizedFields: ["edges", "nodes"] }),
    requireOneSlicingArgument: false,
    maxSize,
  };
}

function checkedListSize(given: object, field: GraphQLField<unknown, unknown>, name: string): ListSize {
  const { assumedSize, slicingArguments, sizedFields, requireOneSlicingArgument, maxSize } = given as Record<
    string,
    unknown
  >;
  const fault = (what: string, value: unknown) =>
    new RangeError(`${name}: ${what} of @listSize, not ${describeValue(value)}.`);
  for (const [key, value] of Object.entries({ assumedSize, maxSize })) {
    if (value == null || (Number.isSafeInteger(value) && Number(value) >= 0)) continue;
    throw fault(`expected a whole number, at least 0, for ${key}`, value);
  }
  for (const [key, value] of Object.entries({ slicingArguments, sizedFields })) {
    if (value == null || (Array.isArray(value) && value.every((each) => typeof each === "string"))) continue;
    throw fault(`expected a list of names for ${key}`, value);
  }
  const size = { assumedSize, slicingArguments, sizedFields, requireOneSlicingArgument, maxSize };
  const set = Object.fromEntries(Object.entries(size).filter(([, value]) => value != null)) as ListSize;
  for (const path of set.slicingArguments ?? []) {
    const [argument] = path.split(".");
    if (!field.args.some((each) => each.name === argument))
      throw new RangeError(`${name}: @listSize names the slicing argument ${path}, which the field does not have.`);
  }
  return set;
}

function pothosOptions({ extensions }: CostedElement): CostOptions | undefined {
  const options = extensions.pothosOptions;
  return typeof options === "object" && options !== null ? options : undefined;
}

/**
 * The arguments of a directive: from the SDL, or from `extensions.directives` in the forms of Pothos' plugin for directives
 * and of GraphQL Tools. Undefined where it is not applied.
 */
function appliedDirective({ extensions, astNode }: CostedElement, name: string): Record<string, unknown> | undefined {
  const { directives } = extensions;
  if (Array.isArray(directives)) {
    const found = directives.find((each) => each?.name === name);
    if (found) return found.args ?? {};
  } else if (typeof directives === "object" && directives !== null && name in directives) {
    const given = (directives as Record<string, unknown>)[name];
    return ((Array.isArray(given) ? given[0] : given) ?? {}) as Record<string, unknown>;
  }
  const nodes: readonly (ConstDirectiveNode | DirectiveNode)[] | undefined = astNode?.directives;
  const node = nodes?.find((each) => each.name.value === name);
  return (
    node && Object.fromEntries((node.arguments ?? []).map((each) => [each.name.value, valueFromASTUntyped(each.value)]))
  );
}
