import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLNamedOutputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
} from "graphql";
import type { ListSize } from "../../core/cost-options.ts";
import { declaredListSize, declaredWeight } from "./declared-costs.ts";

/** The number of items of a list whose size is not declared. */
export const defaultListSize = 10;

/** What one execution of a root field of a mutation costs, where no weight is declared. */
export const defaultMutationWeight = 10;

/** Arguments that bound a list in most schemas. They count where the size of a list is not declared. */
const usualSlicingArguments: readonly string[] = ["first", "last", "limit"];
const usualSizedFields: readonly string[] = ["edges", "nodes", "items", "results"];
/** Scalars that are no number of items. */
const otherScalars: ReadonlySet<string> = new Set(["String", "ID", "Boolean"]);

/** The largest cost: an estimate is never infinite. */
export const maxEstimate = 1e15;

export const saturated = (cost: number): number => Math.min(cost, maxEstimate);

type Field = GraphQLField<unknown, unknown>;

/** What the cost of a field depends on. */
export interface FieldCost {
  /** The name of the object type that has the field. */
  readonly parent: string;
  readonly field: Field;
  /** Of one execution. */
  readonly weight: number;
  /** The type of the values. */
  readonly type: GraphQLNamedOutputType;
  /** How many lists are within each other: 0 for a single value. */
  readonly listDepth: number;
  /** Unset where the field has no list, or one of the default size. */
  readonly listSize: ListSize | undefined;
  /** The arguments that have a weight, or whose input objects have fields with one. */
  readonly weighedArguments: readonly GraphQLArgument[];
  /** Whether nothing is to be added: a value without a weight, or a list of them. */
  readonly isFree: boolean;
}

/** The weights and list sizes of one schema, each read once. */
export class SchemaCosts {
  readonly schema: GraphQLSchema;
  readonly #fields = new Map<GraphQLObjectType, Map<string, FieldCost | undefined>>();
  readonly #types = new Map<GraphQLNamedOutputType, number>();
  readonly #inputs = new Map<GraphQLArgument | GraphQLInputField, number>();
  readonly #weighedInputs = new Map<GraphQLInputType, boolean>();

  /** @throws RangeError that names the part of the schema whose weight or list size is invalid */
  constructor(schema: GraphQLSchema) {
    this.schema = schema;
    for (const type of Object.values(schema.getTypeMap())) {
      if (isObjectType(type)) {
        this.weightOf(type);
        for (const name of Object.keys(type.getFields())) this.fieldCost(type, name);
      } else if (isInterfaceType(type)) {
        for (const field of Object.values(type.getFields())) declaredListSize(field, `${type.name}.${field.name}`);
      }
    }
  }

  /** Undefined for a field that the type does not have. */
  fieldCost(parent: GraphQLObjectType, name: string): FieldCost | undefined {
    let ofType = this.#fields.get(parent);
    if (ofType === undefined) {
      ofType = new Map();
      this.#fields.set(parent, ofType);
    }
    if (ofType.has(name)) return ofType.get(name);
    const field = this.schema.getField(parent, name);
    const cost = field && this.#readField(parent, field);
    ofType.set(name, cost);
    return cost;
  }

  /** Of one value: 1 for an object, 0 for a scalar or enum, unless a weight is declared. */
  weightOf(type: GraphQLNamedOutputType): number {
    let weight = this.#types.get(type);
    if (weight === undefined) {
      weight = isAbstractType(type) ? 0 : (declaredWeight(type, type.name) ?? (isLeafType(type) ? 0 : 1));
      this.#types.set(type, weight);
    }
    return weight;
  }

  /** Of giving an argument or input field. 0 unless a weight is declared. */
  weightOfInput(input: GraphQLArgument | GraphQLInputField): number {
    let weight = this.#inputs.get(input);
    if (weight === undefined) {
      weight = declaredWeight(input, input.name) ?? 0;
      this.#inputs.set(input, weight);
    }
    return weight;
  }

  #readField(parent: GraphQLObjectType, field: Field): FieldCost {
    const name = `${parent.name}.${field.name}`;
    const type = getNamedType(field.type);
    const isMutation = parent === this.schema.getMutationType();
    const inherited = parent.getInterfaces().flatMap((each) => each.getFields()[field.name] ?? []);
    const sources: readonly Field[] = [field, ...inherited];
    const weight = firstOf(sources, (each) => declaredWeight(each, name)) ?? (isMutation ? defaultMutationWeight : 0);
    const listDepth = isIntrospectionType(parent) ? 0 : depthOf(field.type);
    const listSize = firstOf(sources, (each) => declaredListSize(each, name)) ?? this.#usualSize(field, listDepth);
    const weighedArguments = field.args.filter((each) => this.#isWeighed(each));
    const isFree = isLeafType(type) && this.weightOf(type) === 0 && weight === 0 && weighedArguments.length === 0;
    return { parent: parent.name, field, weight, type, listDepth, listSize, weighedArguments, isFree };
  }

  #usualSize({ args, type }: Field, listDepth: number): ListSize | undefined {
    const slicingArguments = args.flatMap(({ name, type: argument }) =>
      usualSlicingArguments.includes(name) && isNumber(argument) ? [name] : [],
    );
    if (slicingArguments.length === 0) return undefined;
    const size = { assumedSize: defaultListSize, slicingArguments };
    if (listDepth > 0) return size;
    const object = getNamedType(type);
    if (!isObjectType(object) && !isInterfaceType(object)) return undefined;
    const sizedFields = usualSizedFields.filter((name) => depthOf(object.getFields()[name]?.type) > 0);
    return sizedFields.length === 0 ? undefined : { ...size, sizedFields };
  }

  #isWeighed(input: GraphQLArgument | GraphQLInputField): boolean {
    return this.weightOfInput(input) > 0 || this.isWeighedInput(input.type);
  }

  /** Whether a value of this type can have a weight. */
  isWeighedInput(given: GraphQLInputType): boolean {
    const type = getNamedType(given);
    if (!isInputObjectType(type)) return false;
    const known = this.#weighedInputs.get(type);
    if (known !== undefined) return known;
    // Input objects can contain each other.
    this.#weighedInputs.set(type, false);
    const isWeighed = Object.values(type.getFields()).some((each) => this.#isWeighed(each));
    this.#weighedInputs.set(type, isWeighed);
    return isWeighed;
  }
}

function isNumber(given: GraphQLInputType): boolean {
  const type = getNullableType(given);
  return isScalarType(type) && !otherScalars.has(type.name);
}

function depthOf(type: GraphQLOutputType | undefined): number {
  if (type === undefined) return 0;
  if (isNonNullType(type)) return depthOf(type.ofType);
  return isListType(type) ? 1 + depthOf(type.ofType) : 0;
}

function firstOf<Item, Value>(items: readonly Item[], read: (item: Item) => Value | undefined): Value | undefined {
  for (const item of items) {
    const value = read(item);
    if (value !== undefined) return value;
  }
  return undefined;
}
