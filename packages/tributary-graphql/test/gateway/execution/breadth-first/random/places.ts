import { type GraphQLOutputType, getNullableType, isListType, isNonNullType } from "graphql";
import type { Call } from "./recorder.ts";

export type PathKeys = readonly (string | number)[];

export const pathText = (path: PathKeys): string => path.join(".");

/** What is in the data at this path; undefined where nothing is, because something above it is null. */
export function at(data: unknown, path: PathKeys): unknown {
  let value = data;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<string | number, unknown>)[key];
  }
  return value;
}

/** Whether the parent of what is at this path is in the data: nothing above it has become null. */
export const isReached = (data: unknown, path: PathKeys): boolean => {
  const parent = at(data, path.slice(0, -1));
  return typeof parent === "object" && parent !== null;
};

/** Knows which place becomes null by an error, from the types of the fields that were resolved. */
export class Places {
  readonly #types = new Map<string, GraphQLOutputType>();
  readonly #isPropagated: boolean;

  constructor(calls: readonly Call[], isPropagated: boolean) {
    this.#isPropagated = isPropagated;
    for (const { path, returnType } of calls) this.#types.set(pathText(path), returnType);
  }

  /** The nearest place at or above the error's that may be null; `[]` for the whole data, undefined if not known. */
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
