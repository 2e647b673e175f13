import { components } from "./order.ts";
import { intersectionOf, nullable, type Shape, unionOf, unknownShape } from "./shape.ts";

/**
 * Resolves schemas that refer to themselves for the same value, whose validation would not terminate: `A` that is `A` or a
 * string becomes a string, and `A` that is `A` and an object becomes the object. Recursive properties and items stay.
 */
export function resolveCycles(shapes: ReadonlyMap<string, Shape>): ReadonlyMap<string, Shape> {
  const next = (name: string): readonly string[] => namesOfSameValue(shapes.get(name)).filter((one) => shapes.has(one));
  const changed = new Map<string, Shape>();
  for (const group of components(shapes.keys(), next)) {
    if (group.length === 1 && !group.some((name) => next(name).includes(name))) continue;
    const members = new Set(group);
    for (const name of group) {
      const shape = shapes.get(name);
      if (shape) changed.set(name, expanded(shape, { shapes, members, trail: [name] }) ?? unknownShape);
    }
  }
  return changed;
}

/** The names of schemas that validate the same value, and not only a part of it. */
function namesOfSameValue(shape: Shape | undefined): readonly string[] {
  switch (shape?.kind) {
    case "named":
      return [shape.name];
    case "nullable":
      return namesOfSameValue(shape.of);
    case "union":
      return shape.options.flatMap(namesOfSameValue);
    case "intersection":
      return shape.parts.flatMap(namesOfSameValue);
    case "discriminated":
      return shape.options.flatMap(({ option }) => namesOfSameValue(option));
    default:
      return [];
  }
}

interface Cycle {
  readonly shapes: ReadonlyMap<string, Shape>;
  /** The names of the cycle. */
  readonly members: ReadonlySet<string>;
  /** The names from the start to this shape. */
  readonly trail: readonly string[];
}

/** In a longer cycle, the shape at this depth becomes unknown. */
const maxDepth = 4;

/** A shape in which the names of its cycle are replaced by their shapes, once each. Undefined if nothing is left. */
function expanded(shape: Shape, cycle: Cycle): Shape | undefined {
  switch (shape.kind) {
    case "named":
      return expandedName(shape, cycle);
    case "nullable":
      return nullable(expanded(shape.of, cycle) ?? unknownShape);
    case "union":
      return joined(shape.options, unionOf, cycle);
    case "discriminated":
      return joined(
        shape.options.map(({ option }) => option),
        unionOf,
        cycle,
      );
    case "intersection":
      return joined(shape.parts, intersectionOf, cycle);
    default:
      return shape;
  }
}

function expandedName(shape: Shape & { readonly kind: "named" }, cycle: Cycle): Shape | undefined {
  const { shapes, members, trail } = cycle;
  if (!members.has(shape.name)) return shape;
  if (trail.includes(shape.name)) return undefined;
  const target = shapes.get(shape.name);
  if (target === undefined || trail.length >= maxDepth) return unknownShape;
  return expanded(target, { ...cycle, trail: [...trail, shape.name] });
}

function joined(shapes: readonly Shape[], join: (shapes: readonly Shape[]) => Shape, cycle: Cycle): Shape | undefined {
  const left = shapes.flatMap((shape) => expanded(shape, cycle) ?? []);
  return left.length === 0 ? undefined : join(left);
}
