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
 * The arguments of a field. They are coerced once for all objects of a level, or once for all requests where nothing in
 * them can differ. Each resolver call gets an object of its own, so that one that writes into its arguments changes no
 * other's.
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
    // A list could be written into, and would then be another one for the next request.
    if (this.#isLiteral && Object.values(values).every((value) => typeof value !== "object")) this.#constant = copies;
    return copies;
  }
}

const isPlainLiteral = ({ kind }: ValueNode): boolean =>
  kind !== Kind.VARIABLE && kind !== Kind.LIST && kind !== Kind.OBJECT;

/** Gives out an object for each call. */
export class ArgumentCopies {
  readonly #names: readonly string[];
  readonly #values: readonly unknown[];

  constructor(values: ArgumentValues) {
    this.#names = Object.keys(values);
    this.#values = Object.values(values);
  }

  next(): ArgumentValues {
    const copy = emptyRow();
    for (let index = 0; index < this.#names.length; index++) copy[this.#names[index] as string] = this.#values[index];
    return copy;
  }
}

/** Of fields that take none. */
export const noArguments = new ArgumentCopies({});
