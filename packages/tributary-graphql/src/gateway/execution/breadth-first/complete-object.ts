import { GraphQLError, type GraphQLObjectType } from "graphql";
import { inspect } from "graphql/jsutils/inspect.js";
import type { Execution } from "./execution.ts";
import { isPromiseLike } from "./is-promise-like.ts";
import type { Untyped } from "./pending-value.ts";
import type { Positions } from "./response-positions.ts";

/**
 * Gathers an object for the next level, if its type's `isTypeOf` accepts it.
 *
 * @throws the error of the object, or of its type
 */
export function completeObject(
  execution: Execution,
  positions: Positions,
  key: number,
  value: unknown,
  type: GraphQLObjectType,
): void {
  if (!type.isTypeOf) {
    gather(execution, positions, key, value, type);
    return;
  }
  const isTypeOf = type.isTypeOf(value, execution.args.contextValue, execution.infoOf(positions, key));
  if (isPromiseLike(isTypeOf)) execution.waitFor(resumeTyped, positions, key, isTypeOf, { value, type });
  else gatherIf(isTypeOf, execution, positions, key, value, type);
}

function resumeTyped(
  execution: Execution,
  positions: Positions,
  key: number,
  isTypeOf: unknown,
  untyped: Untyped | undefined,
): void {
  if (untyped?.type) gatherIf(isTypeOf, execution, positions, key, untyped.value, untyped.type);
}

/** @throws GraphQLError for an object that `isTypeOf` has rejected */
function gatherIf(
  isTypeOf: unknown,
  execution: Execution,
  positions: Positions,
  key: number,
  value: unknown,
  type: GraphQLObjectType,
): void {
  if (!isTypeOf) {
    const message = `Expected value of type "${type}" but got: ${inspect(value)}.`;
    throw new GraphQLError(message, { nodes: positions.root.field.nodes });
  }
  gather(execution, positions, key, value, type);
}

/** @throws GraphQLError for invalid directives, in a document that was not validated, and for an object beyond the limit */
function gather(
  execution: Execution,
  positions: Positions,
  key: number,
  value: unknown,
  type: GraphQLObjectType,
): void {
  positions.store(key, execution.gather(execution.levelOf(positions.root, type), value, positions, key));
}
