import { components } from "./order.ts";
import { intersectionOf, nullable, type Shape, unionOf, unknownShape } from "./shape.ts";

/**
 * Shapes of which none is checked by way of itself on the same value, which would go on for ever: `A` that is `A` or a
 * text is a text, and `A` that is all of `A` and an object is the object. Lists and properties of themselves stay.
 */
export function withoutCircles(shapes: ReadonlyMap<string, Shape>): ReadonlyMap<string, Shape> {
  const next = (name: string): readonly string[] => namesOfSameValue(shapes.get(name)).filter((one) => shapes.has(one));
  const changed = new Map<string, Shape>();
  for (const group of components(shapes.keys(), next)) {
    if (group.length === 1 && !group.some((name) => next(name).includes(name))) continue;
    const members = new Set(group);
    for (const name of group) {
      const shape = shapes.get(name);
      if (shape) changed.set(name, opened(shape, { shapes, members, trail: [name] }) ?? unknownShape);
    }
  }
  return changed;
}

/** The names of what a value of this shape is checked by too, and not only a part of it. */
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

interface Circle {
  readonly shapes: ReadonlyMap<string, Shape>;
  /** The names that lead to each other. */
  readonly members: ReadonlySet<string>;
  /** The names that this shape was reached by. */
  readonly trail: readonly string[];
}

/** A larger circle is not followed all around, but left open: anything goes there. */
const longestTrail = 4;

/** A shape with those of its circle written out, once each; undefined where nothing is left of it. */
function opened(shape: Shape, circle: Circle): Shape | undefined {
  switch (shape.kind) {
    case "named":
      return openedName(shape, circle);
    case "nullable":
      return nullable(opened(shape.of, circle) ?? unknownShape);
    case "union":
      return joined(shape.options, unionOf, circle);
    case "discriminated":
      return joined(
        shape.options.map(({ option }) => option),
        unionOf,
        circle,
      );
    case "intersection":
      return joined(shape.parts, intersectionOf, circle);
    default:
      return shape;
  }
}

function openedName(shape: Shape & { readonly kind: "named" }, circle: Circle): Shape | undefined {
  const { shapes, members, trail } = circle;
  if (!members.has(shape.name)) return shape;
  if (trail.includes(shape.name)) return undefined;
  const target = shapes.get(shape.name);
  if (target === undefined || trail.length >= longestTrail) return unknownShape;
  return opened(target, { ...circle, trail: [...trail, shape.name] });
}

function joined(
  shapes: readonly Shape[],
  join: (shapes: readonly Shape[]) => Shape,
  circle: Circle,
): Shape | undefined {
  const left = shapes.flatMap((shape) => opened(shape, circle) ?? []);
  return left.length === 0 ? undefined : join(left);
}
