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
  /** Whether null is an error, which makes the place around it null instead. */
  readonly isNonNull: boolean;
}

export interface LeafShape extends ShapeBase {
  readonly kind: "leaf";
  readonly type: GraphQLLeafType;
  /** Set for the scalars of the specification: values that are right as they are need no call. */
  readonly scalar: SpecifiedScalar | undefined;
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

/** A schema may have a scalar of its own under one of these names, or bend one of these: that one is called. */
const specifiedScalars = new Map<GraphQLLeafType, { name: SpecifiedScalar; coerce: unknown }>(
  ([GraphQLInt, GraphQLFloat, GraphQLString, GraphQLBoolean, GraphQLID] as const).map((scalar) => [
    scalar,
    { name: scalar.name as SpecifiedScalar, coerce: scalar.coerceOutputValue },
  ]),
);

export function shapeOf(type: GraphQLOutputType, isNonNull = false): Shape {
  if (isNonNullType(type)) return shapeOf(type.ofType, true);
  if (isListType(type)) return { kind: "list", isNonNull, item: shapeOf(type.ofType) };
  if (isLeafType(type)) return { kind: "leaf", isNonNull, type, scalar: specifiedScalarOf(type) };
  if (isAbstractType(type)) return { kind: "abstract", isNonNull, type };
  return { kind: "object", isNonNull, type };
}

function specifiedScalarOf(type: GraphQLLeafType): SpecifiedScalar | undefined {
  const specified = specifiedScalars.get(type);
  return specified?.coerce === type.coerceOutputValue ? specified?.name : undefined;
}
