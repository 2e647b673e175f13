import { memberOf } from "../schema/code-text.ts";
import type { ObjectShape, PropertyShape, Shape } from "../schema/shape.ts";

/** Returns the shape of a named schema. */
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

/** A field of a body, and the code that reads it. */
export interface Field {
  /** `meta.next` */
  readonly name: string;
  readonly lastName: string;
  /** `body.meta?.next` */
  readonly access: string;
  readonly shape: Shape;
  /** Whether it may be absent or null. */
  readonly mayBeMissing: boolean;
}

/** The properties of an object and of its nested objects, to this depth. */
export function fieldsOf(body: Shape, shapeOf: ShapeOf, depth: number): Field[] {
  const top: Field = { name: "", lastName: "", access: "body", shape: body, mayBeMissing: isNullable(body, shapeOf) };
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
    access: owner.mayBeMissing ? optional : member,
    shape,
    mayBeMissing: owner.mayBeMissing || isNullable(shape, shapeOf) || (!isRequired && value === undefined),
  };
}

export function isNullable(shape: Shape, shapeOf: ShapeOf): boolean {
  if (shape.kind === "nullable") return true;
  const named = shape.kind === "named" ? shapeOf(shape.name) : undefined;
  return named !== undefined && isNullable(named, shapeOf);
}

/** The rows of a body. */
export interface Rows {
  readonly item: Shape;
  /** The code of `items`. Undefined if the body is the array. */
  readonly items: string | undefined;
  /** The name of the property with the rows. Undefined if the body is the array. */
  readonly property: string | undefined;
  /** Their location, for messages. */
  readonly where: string;
}

/** Usual names of the rows in an envelope, preferred to other arrays. */
const usualLists = /^(data|items|results?|values|records|rows|entries|list|content|elements)$/i;

/** The rows of a body that is an array, or an object with one array of objects. */
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
  const { access, mayBeMissing, name } = found.field;
  return { item: found.item, items: `(body) => ${access}${mayBeMissing ? " ?? []" : ""}`, property: name, where: name };
}
