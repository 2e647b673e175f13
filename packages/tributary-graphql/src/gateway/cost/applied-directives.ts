import type { GraphQLField } from "graphql";
import type { ListSize } from "../../core/cost-options.ts";
import { type CostedElement, declaredListSize, declaredWeight } from "./declared-costs.ts";

/** The directives `@cost` and `@listSize` of a part of a schema as SDL, each after a space; empty where none is applied. */
export function costDirectivesOf(element: CostedElement, name: string): string {
  const weight = declaredWeight(element, name);
  const listSize = isField(element) ? declaredListSize(element, name) : undefined;
  return `${weight === undefined ? "" : ` @cost(weight: "${weight}")`}${listSize ? ` @listSize(${printed(listSize)})` : ""}`;
}

const isField = (element: CostedElement): element is GraphQLField<unknown, unknown> => "args" in element;

/** The arguments in the order of the directive's definition. */
const printed = ({
  assumedSize,
  slicingArguments,
  sizedFields,
  requireOneSlicingArgument,
  maxSize,
}: ListSize): string =>
  Object.entries({ assumedSize, slicingArguments, sizedFields, requireOneSlicingArgument, maxSize })
    .flatMap(([key, value]) => (value === undefined ? [] : [`${key}: ${written(value)}`]))
    .join(", ");

const written = (value: unknown): string =>
  Array.isArray(value) ? `[${value.map((each) => JSON.stringify(each)).join(", ")}]` : String(value);
