import type { ArgumentCopies } from "./arguments-plan.ts";
import type { Execution } from "./execution.ts";
import { propertyOf } from "./property-of.ts";
import type { FieldPositions } from "./response-positions.ts";

type Method = (args: object, context: unknown, info: unknown) => unknown;

/**
 * The value of a field without a resolver, by the rules of graphql-js' default resolver: a property, or the result of a method.
 * Arguments and `info` are only made for a method.
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
 * Calls a method of the source, like a resolver.
 *
 * @throws what the method throws; the execution's `stopReason`, if there is one, instead of calling it
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
