import type { ArgumentCopies } from "./arguments-plan.ts";
import type { Execution } from "./execution.ts";
import { propertyOf } from "./property-of.ts";
import type { FieldPositions } from "./response-positions.ts";

type Method = (args: object, context: unknown, info: unknown) => unknown;

/**
 * What a field without a resolver has for a value, by the rules of graphql-js' default resolver: a property, or what a
 * method gives. Nothing is made for it but for a method's call.
 */
export function resolveProperty(
  execution: Execution,
  positions: FieldPositions,
  row: number,
  args: ArgumentCopies,
): unknown {
  const property = propertyOf(positions.level.sources[row], positions.field.definition.name);
  return typeof property === "function" ? callMethod(execution, positions, row, args) : property;
}

/**
 * Calls a property that is a method on its object, like a resolver.
 *
 * @throws what the method throws; an error when the execution was aborted, after which nothing is called
 */
export function callMethod(
  execution: Execution,
  positions: FieldPositions,
  row: number,
  args: ArgumentCopies,
): unknown {
  if (execution.stopReason !== undefined) throw execution.stopReason;
  const source = positions.level.sources[row] as Readonly<Record<string, Method>>;
  const info = execution.newInfo(positions, row);
  return source[positions.field.definition.name]?.(args.next(), execution.args.contextValue, info);
}
