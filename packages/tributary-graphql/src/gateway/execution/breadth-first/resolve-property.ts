import type { ArgumentCopies } from "./arguments-plan.ts";
import type { Execution } from "./execution.ts";
import type { FieldPlaces } from "./places.ts";
import { propertyOf } from "./property-of.ts";

type Method = (args: object, context: unknown, info: unknown) => unknown;

/**
 * What a field without a resolver has for a value, by the rules of graphql-js' default resolver: a property, or what a
 * method gives. Nothing is made for it but for a method's call.
 */
export function resolveProperty(execution: Execution, places: FieldPlaces, row: number, args: ArgumentCopies): unknown {
  const property = propertyOf(places.level.sources[row], places.field.definition.name);
  return typeof property === "function" ? callMethod(execution, places, row, args) : property;
}

/**
 * Calls a property that is a method on its object, like a resolver.
 *
 * @throws what the method throws; an error when the execution was aborted, after which nothing is called
 */
export function callMethod(execution: Execution, places: FieldPlaces, row: number, args: ArgumentCopies): unknown {
  if (execution.stopReason !== undefined) throw execution.stopReason;
  const source = places.level.sources[row] as Readonly<Record<string, Method>>;
  const info = execution.newInfo(places, row);
  return source[places.field.definition.name]?.(args.next(), execution.args.contextValue, info);
}
