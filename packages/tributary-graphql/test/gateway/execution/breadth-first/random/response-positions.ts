import { type GraphQLOutputType, getNullableType, isListType, isNonNullType } from "graphql";
import type { Call } from "./recorder.ts";

export type PathKeys = readonly (string | number)[];

export const pathText = (path: PathKeys): string => path.join(".");

/** The data at this path; undefined below a position that is null. */
export function at(data: unknown, path: PathKeys): unknown {
  let value = data;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<string | number, unknown>)[key];
  }
  return value;
}

/** Whether the parent of this path is in the data, so that no position above is null. */
export const isReached = (data: unknown, path: PathKeys): boolean => {
  const parent = at(data, path.slice(0, -1));
  return typeof parent === "object" && parent !== null;
};

/** Finds the position that an error makes null, by the types of the fields that were resolved. */
export class NullPropagation {
  readonly #types = new Map<string, GraphQLOutputType>();
  readonly #isPropagated: boolean;

  constructor(calls: readonly Call[], isPropagated: boolean) {
    this.#isPropagated = isPropagated;
    for (const { path, returnType } of calls) this.#types.set(pathText(path), returnType);
  }

  /** The nearest nullable position at or above the error's; `[]` for the whole data, undefined if unknown. */
  nulledBy(errorPath: PathKeys): PathKeys | undefined {
    if (!this.#isPropagated) return errorPath;
    for (let end = errorPath.length; end > 0; end--) {
      const type = this.#typeAt(errorPath.slice(0, end));
      if (type === undefined) return undefined;
      if (!isNonNullType(type)) return errorPath.slice(0, end);
    }
    return [];
  }

  #typeAt(path: PathKeys): GraphQLOutputType | undefined {
    const fieldEnd = path.findLastIndex((key) => typeof key === "string") + 1;
    let type = this.#types.get(pathText(path.slice(0, fieldEnd)));
    for (let index = fieldEnd; index < path.length; index++) {
      const list = type && getNullableType(type);
      type = isListType(list) ? list.ofType : undefined;
    }
    return type;
  }
}
