import {
  type GraphQLAbstractType,
  GraphQLBoolean,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  GraphQLString,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
} from "graphql";

/**
 * A field's type in a form that completing a value can `switch` on: `isNonNull` is a property instead of a wrapper type.
 */
export type Shape = LeafShape | ListShape | ObjectShape | AbstractShape;

interface ShapeBase {
  /** Whether null is an error, which makes the position around it null instead. */
  readonly isNonNull: boolean;
}

export interface LeafShape extends ShapeBase {
  readonly kind: "leaf";
  readonly type: GraphQLLeafType;
  /** Set for a scalar of the specification: most of its values need no coercion. */
  readonly specified: Specified | undefined;
}

export interface ListShape extends ShapeBase {
  readonly kind: "list";
  readonly item: Shape;
}

export interface ObjectShape extends ShapeBase {
  readonly kind: "object";
  readonly type: GraphQLObjectType;
}

export interface AbstractShape extends ShapeBase {
  readonly kind: "abstract";
  readonly type: GraphQLAbstractType;
}

export type SpecifiedScalar = "Int" | "Float" | "String" | "Boolean" | "ID";

export interface Specified {
  readonly name: SpecifiedScalar;
  /** Its `coerceOutputValue` as graphql-js defines it. */
  readonly coerce: unknown;
}

/** By type, since a schema may have its own scalar under one of these names. */
const specifiedScalars = new Map<GraphQLLeafType, Specified>(
  ([GraphQLInt, GraphQLFloat, GraphQLString, GraphQLBoolean, GraphQLID] as const).map((scalar) => [
    scalar,
    { name: scalar.name as SpecifiedScalar, coerce: scalar.coerceOutputValue },
  ]),
);

export function shapeOf(type: GraphQLOutputType, isNonNull = false): Shape {
  if (isNonNullType(type)) return shapeOf(type.ofType, true);
  if (isListType(type)) return { kind: "list", isNonNull, item: shapeOf(type.ofType) };
  if (isLeafType(type)) return { kind: "leaf", isNonNull, type, specified: specifiedScalars.get(type) };
  if (isAbstractType(type)) return { kind: "abstract", isNonNull, type };
  return { kind: "object", isNonNull, type };
}

/** The scalar of a field whose values may be copied; undefined while a tool has changed its coercion, which must be called. */
export function plainScalarOf(shape: Shape): SpecifiedScalar | undefined {
  if (shape.kind !== "leaf" || shape.specified === undefined) return undefined;
  return shape.specified.coerce === shape.type.coerceOutputValue ? shape.specified.name : undefined;
}
