import { type GraphQLArgument, Kind, type OperationDefinitionNode, type ValueNode, valueFromASTUntyped } from "graphql";

/** Whether this is a number of items, as some scalars read it. */
export const isWholeNumber = (text: string): boolean => /^\s*\+?\d{1,300}\s*$/.test(text);

/** The variables as the client sent them: they are read before they are coerced, which is left to the execution. */
export type RawVariables = Readonly<Record<string, unknown>>;

/**
 * The values of arguments and directives of one operation. It records which variables were read: with equal values of these,
 * the cost is the same.
 */
export class OperationVariables {
  /** The names of the variables that were read. */
  readonly read = new Set<string>();
  readonly #given: RawVariables;
  readonly #defaults: ReadonlyMap<string, unknown>;

  /** @param operation whose variables have defaults. Default: none has one */
  constructor(given: RawVariables, operation?: OperationDefinitionNode) {
    this.#given = given;
    this.#defaults = operation ? defaultsOf(operation) : new Map();
  }

  /** Undefined where a variable is not set. */
  valueOf(node: ValueNode): unknown {
    switch (node.kind) {
      case Kind.VARIABLE:
        return this.#variable(node.name.value);
      case Kind.LIST:
        return node.values.map((each) => this.valueOf(each));
      case Kind.OBJECT:
        return Object.fromEntries(node.fields.map(({ name, value }) => [name.value, this.valueOf(value)]));
      default:
        return valueFromASTUntyped(node);
    }
  }

  #variable(name: string): unknown {
    this.read.add(name);
    return Object.hasOwn(this.#given, name) ? this.#given[name] : this.#defaults.get(name);
  }
}

/** The default value of an argument; undefined where it has none. */
export function defaultOf({ default: given, defaultValue }: GraphQLArgument): unknown {
  if (given === undefined) return defaultValue;
  return given.literal === undefined ? given.value : valueFromASTUntyped(given.literal);
}

const defaultsOf = ({ variableDefinitions = [] }: OperationDefinitionNode): ReadonlyMap<string, unknown> =>
  new Map(
    variableDefinitions.flatMap(({ variable, defaultValue }) =>
      defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)] as const] : [],
    ),
  );

/**
 * A text that is equal for values that give the same cost, or undefined for an input object, whose fields may all matter. Of a
 * list only its length matters, and of a text that is no number only that it is given.
 */
export function costKeyOf(value: unknown): string | undefined {
  if (Array.isArray(value))
    return value.some((each) => typeof each === "object" && each !== null) ? undefined : `[${value.length}]`;
  if (typeof value === "object" && value !== null) return undefined;
  return typeof value === "string" && !isWholeNumber(value) ? "text" : String(value);
}
