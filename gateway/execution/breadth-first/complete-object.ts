import { GraphQLError, type GraphQLObjectType } from "graphql";
import { inspect } from "graphql/jsutils/inspect.js";
import type { Execution } from "./execution.ts";
import type { Places } from "./places.ts";
import { isPromiseLike } from "./waiting.ts";

/** Gathers an object for the next level, when it is what its type says. */
export function completeObject(
  execution: Execution,
  places: Places,
  key: number,
  value: unknown,
  type: GraphQLObjectType,
): void {
  if (!type.isTypeOf) return gather(execution, places, key, value, type);
  try {
    const isTypeOf = type.isTypeOf(value, execution.args.contextValue, execution.infoOf(places, key));
    if (isPromiseLike(isTypeOf)) execution.waitFor(resumeTyped, places, key, isTypeOf, { value, type });
    else gatherIf(isTypeOf, execution, places, key, value, type);
  } catch (error) {
    execution.fail(places, key, error);
  }
}

interface Typed {
  readonly value: unknown;
  readonly type: GraphQLObjectType;
}

function resumeTyped(execution: Execution, places: Places, key: number, isTypeOf: unknown, typed: unknown): void {
  const { value, type } = typed as Typed;
  gatherIf(isTypeOf, execution, places, key, value, type);
}

function gatherIf(
  isTypeOf: unknown,
  execution: Execution,
  places: Places,
  key: number,
  value: unknown,
  type: GraphQLObjectType,
): void {
  if (isTypeOf) return gather(execution, places, key, value, type);
  const { nodes } = places.root.field;
  execution.fail(
    places,
    key,
    new GraphQLError(`Expected value of type "${type}" but got: ${inspect(value)}.`, { nodes }),
  );
}

function gather(execution: Execution, places: Places, key: number, value: unknown, type: GraphQLObjectType): void {
  try {
    places.store(key, execution.levelOf(places.root, type).add(value, places, key));
  } catch (error) {
    // The directives of a selection that was not validated may have made no sense.
    execution.fail(places, key, error);
  }
}
