import {
  type GraphQLField,
  getArgumentValues,
  getNamedType,
  isEnumType,
  isSpecifiedScalarType,
  Kind,
  type ValidatedExecutionArgs,
  type ValueNode,
} from "graphql";
import type { FieldDetails } from "graphql/execution/collectFields.js";
import { emptyRow } from "./rows.ts";

export type ArgumentValues = Record<string, unknown>;

type CoercionArgs = Pick<ValidatedExecutionArgs, "variableValues" | "hideSuggestions">;

/**
 * The arguments of a field. They are coerced once per level, or once for all requests where they are constant. Each resolver
 * call gets its own object, with its own lists and input objects: a resolver that changes its arguments affects no other call,
 * no default value and no variable.
 */
export class ArgumentsPlan {
  readonly isEmpty: boolean;
  readonly #definition: GraphQLField<unknown, unknown>;
  readonly #details: FieldDetails;
  readonly #isLiteral: boolean;
  #constant: ArgumentCopies | undefined;

  constructor(definition: GraphQLField<unknown, unknown>, details: FieldDetails) {
    this.#definition = definition;
    this.#details = details;
    this.isEmpty = definition.args.length === 0;
    if (this.isEmpty) this.#constant = noArguments;
    this.#isLiteral =
      !this.isEmpty &&
      definition.args.every(
        ({ type }) => isSpecifiedScalarType(getNamedType(type)) || isEnumType(getNamedType(type)),
      ) &&
      (details.node.arguments ?? []).every(({ value }) => isPlainLiteral(value));
  }

  /**
   * The values for the objects of one level.
   *
   * @throws GraphQLError for a value that does not fit its type
   */
  coerce({ variableValues, hideSuggestions }: CoercionArgs): ArgumentCopies {
    if (this.#constant) return this.#constant;
    const { node, fragmentVariableValues } = this.#details;
    const values = getArgumentValues(this.#definition, node, variableValues, fragmentVariableValues, hideSuggestions);
    const copies = new ArgumentCopies(values);
    if (this.#isLiteral && Object.values(values).every((value) => typeof value !== "object")) this.#constant = copies;
    return copies;
  }
}

const isPlainLiteral = ({ kind }: ValueNode): boolean =>
  kind !== Kind.VARIABLE && kind !== Kind.LIST && kind !== Kind.OBJECT;

/** Makes an object per call. */
export class ArgumentCopies {
  readonly #names: readonly string[];
  readonly #values: readonly unknown[];

  constructor(values: ArgumentValues) {
    this.#names = Object.keys(values);
    this.#values = Object.values(values);
  }

  next(): ArgumentValues {
    const copy = emptyRow();
    for (let index = 0; index < this.#names.length; index++) {
      const value = this.#values[index];
      copy[this.#names[index] as string] = typeof value === "object" ? copyOf(value) : value;
    }
    return copy;
  }
}

/** Copies lists and input objects. An object of a class (a date, a file) was made by a scalar, and is shared. */
function copyOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) return value;
  const copy = Object.create(prototype);
  for (const [name, property] of Object.entries(value)) copy[name] = copyOf(property);
  return copy;
}

/** For fields without arguments. */
export const noArguments = new ArgumentCopies({});
