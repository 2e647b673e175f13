import type { Shape } from "./shape.ts";

/** The names of the schemas that a schema refers to. */
export interface References {
  /** Schemas that have to be declared before it, for instance the items of an array. */
  readonly eager: ReadonlySet<string>;
  /** Schemas of its properties, which can be declared later. */
  readonly lazy: ReadonlySet<string>;
}

export function referencesOf(shape: Shape): References {
  const eager = new Set<string>();
  const lazy = new Set<string>();
  collect(shape, eager, lazy);
  return { eager, lazy };
}

/** The names of schemas that have to be declared before a shape. */
export const eagerNames = (shape: Shape): ReadonlySet<string> => referencesOf(shape).eager;

function collect(shape: Shape, eager: Set<string>, lazy: Set<string>): void {
  if (shape.kind === "named") eager.add(shape.name);
  for (const part of partsOf(shape)) collect(part, eager, lazy);
  if (shape.kind !== "object") return;
  for (const property of shape.properties) collect(property.shape, lazy, lazy);
}

function partsOf(shape: Shape): readonly Shape[] {
  switch (shape.kind) {
    case "plain":
    case "literal":
    case "named":
      return [];
    case "array":
      return [shape.item];
    case "tuple":
      return shape.rest ? [...shape.items, shape.rest] : shape.items;
    case "record":
      return [shape.value];
    case "object":
      return shape.rest === undefined || shape.rest === "kept" ? [] : [shape.rest];
    case "union":
      return shape.options;
    case "intersection":
      return shape.parts;
    case "discriminated":
      return shape.options.map(({ option }) => option);
    case "nullable":
      return [shape.of];
    default:
      return shape satisfies never;
  }
}
