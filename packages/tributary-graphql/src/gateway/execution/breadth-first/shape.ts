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
 * What has to be done with a field's value, read once from its type: the same tree without the wrappers' objects, so
 * that completing a value is one `switch`.
 */
export type Shape = LeafShape | ListShape | ObjectShape | AbstractShape;

interface ShapeBase {
  /** Whether null is an error, which makes the position around it null instead. */
  readonly isNonNull: boolean;
}

export interface LeafShape extends ShapeBase {
  readonly kind: "leaf";
  readonly type: GraphQLLeafType;
  /** The scalar of the specification that it is: values that are right as they are need no call. */
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
  /** How it completes values, as graphql-js made it. */
  readonly coerce: unknown;
}

/** A schema may have a scalar of its own under one of these names: that one is called. */
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

/** The scalar of a field whose values need no call; undefined as long as somebody has bent it, who wants to be called. */
export function plainScalarOf(shape: Shape): SpecifiedScalar | undefined {
  if (shape.kind !== "leaf" || shape.specified === undefined) return undefined;
  return shape.specified.coerce === shape.type.coerceOutputValue ? shape.specified.name : undefined;
}
