import { memberOf } from "../schema/code-text.ts";
import type { ObjectShape, PropertyShape, Shape } from "../schema/shape.ts";

/** Looks a named schema up. */
export type ShapeOf = (name: string) => Shape | undefined;

/** A shape without its name and without null. */
export function bareShape(shape: Shape, shapeOf: ShapeOf): Shape {
  if (shape.kind === "nullable") return bareShape(shape.of, shapeOf);
  const named = shape.kind === "named" ? shapeOf(shape.name) : undefined;
  return named ? bareShape(named, shapeOf) : shape;
}

export function objectShape(shape: Shape, shapeOf: ShapeOf): ObjectShape | undefined {
  const bare = bareShape(shape, shapeOf);
  return bare.kind === "object" ? bare : undefined;
}

/** A location in a body, and the code that reads it from there. */
export interface Field {
  /** `meta.next` */
  readonly name: string;
  readonly lastName: string;
  /** `body.meta?.next` */
  readonly access: string;
  readonly shape: Shape;
  /** Whether the value may be missing or null. */
  readonly mayLack: boolean;
}

/** The properties of an object, and those of the objects in it, as far down as said. */
export function fieldsOf(body: Shape, shapeOf: ShapeOf, depth: number): Field[] {
  const top: Field = { name: "", lastName: "", access: "body", shape: body, mayLack: isNullable(body, shapeOf) };
  return fieldsBelow(top, shapeOf, depth);
}

function fieldsBelow(owner: Field, shapeOf: ShapeOf, depth: number): Field[] {
  const object = depth === 0 ? undefined : objectShape(owner.shape, shapeOf);
  const own = object?.properties.map((property) => fieldOf(owner, property, shapeOf)) ?? [];
  return [...own, ...own.flatMap((field) => fieldsBelow(field, shapeOf, depth - 1))];
}

function fieldOf(owner: Field, { name, shape, isRequired, default: value }: PropertyShape, shapeOf: ShapeOf): Field {
  const member = memberOf(owner.access, name);
  const rest = member.slice(owner.access.length);
  const optional = `${owner.access}?${rest.startsWith(".") ? "" : "."}${rest}`;
  return {
    name: owner.name ? `${owner.name}.${name}` : name,
    lastName: name,
    access: owner.mayLack ? optional : member,
    shape,
    mayLack: owner.mayLack || isNullable(shape, shapeOf) || (!isRequired && value === undefined),
  };
}

export function isNullable(shape: Shape, shapeOf: ShapeOf): boolean {
  if (shape.kind === "nullable") return true;
  const named = shape.kind === "named" ? shapeOf(shape.name) : undefined;
  return named !== undefined && isNullable(named, shapeOf);
}

/** Where a body has its rows. */
export interface Rows {
  readonly item: Shape;
  /** The code of `items`; undefined where the body is the list. */
  readonly items: string | undefined;
  /** The name of the property that has them, likewise. */
  readonly property: string | undefined;
  readonly where: string;
}

/** Names of lists in an envelope that beat others. */
const usualLists = /^(data|items|results?|values|records|rows|entries|list|content|elements)$/i;

/** The rows of a body that is a list, or an object with one list of objects. */
export function rowsOf(body: Shape, shapeOf: ShapeOf): Rows | undefined {
  const list = bareShape(body, shapeOf);
  if (list.kind === "array") {
    return isNullable(body, shapeOf)
      ? undefined
      : { item: list.item, items: undefined, property: undefined, where: "the body" };
  }
  const lists = fieldsOf(body, shapeOf, 1).flatMap((field) => {
    const shape = bareShape(field.shape, shapeOf);
    return shape.kind === "array" && objectShape(shape.item, shapeOf) ? [{ field, item: shape.item }] : [];
  });
  const usual = lists.filter(({ field }) => usualLists.test(field.lastName));
  const [found, ...more] = usual.length > 0 ? usual : lists;
  if (found === undefined || more.length > 0) return undefined;
  const { access, mayLack, name } = found.field;
  return { item: found.item, items: `(body) => ${access}${mayLack ? " ?? []" : ""}`, property: name, where: name };
}
