import { type GraphQLAbstractType, GraphQLError, type GraphQLObjectType, isObjectType } from "graphql";
import { inspect } from "graphql/jsutils/inspect.js";
import { completeObject } from "./complete-object.ts";
import type { Execution } from "./execution.ts";
import { isPromiseLike } from "./is-promise-like.ts";
import type { Untyped } from "./pending-value.ts";
import type { Positions } from "./response-positions.ts";

/**
 * Completes a value of an interface or a union as its object type.
 *
 * @throws the error of the value, or of its type
 */
export function completeAbstract(
  execution: Execution,
  positions: Positions,
  key: number,
  value: unknown,
  type: GraphQLAbstractType,
): void {
  const { contextValue, typeResolver } = execution.args;
  const resolveType = type.resolveType ?? typeResolver;
  const name: unknown = resolveType(value, contextValue, execution.infoOf(positions, key), type);
  if (isPromiseLike(name)) execution.waitFor(resumeNamed, positions, key, name, { value, type: undefined });
  else completeObject(execution, positions, key, value, runtimeType(execution, positions, name, value));
}

function resumeNamed(
  execution: Execution,
  positions: Positions,
  key: number,
  name: unknown,
  untyped: Untyped | undefined,
): void {
  const value = untyped?.value;
  completeObject(execution, positions, key, value, runtimeType(execution, positions, name, value));
}

/** @throws GraphQLError for a name that is no possible object type */
function runtimeType({ args }: Execution, positions: Positions, name: unknown, value: unknown): GraphQLObjectType {
  const { shape, root } = positions;
  if (shape.kind !== "abstract") throw new TypeError("Only an abstract type has runtime types.");
  const { type } = shape;
  const { nodes, parentType, definition } = root.field;
  const field = `${parentType}.${definition.name}`;
  if (name === null || name === undefined) {
    throw new GraphQLError(
      `Abstract type "${type}" must resolve to an Object type at runtime for field "${field}". ` +
        `Either the "${type}" type should provide a "resolveType" function or each possible type should provide an "isTypeOf" function.`,
      { nodes },
    );
  }
  if (typeof name !== "string") {
    throw new GraphQLError(
      `Abstract type "${type}" must resolve to an Object type at runtime for field "${field}" with ` +
        `value ${inspect(value)}, received "${inspect(name)}", which is not a valid Object type name.`,
    );
  }
  const found = args.schema.getType(name);
  if (found === undefined) {
    const message = `Abstract type "${type}" was resolved to a type "${name}" that does not exist inside the schema.`;
    throw new GraphQLError(message, { nodes });
  }
  if (!isObjectType(found)) {
    throw new GraphQLError(`Abstract type "${type}" was resolved to a non-object type "${name}".`, { nodes });
  }
  if (!args.schema.isSubType(type, found)) {
    throw new GraphQLError(`Runtime Object type "${found}" is not a possible type for "${type}".`, { nodes });
  }
  return found;
}
