import type { GraphQLField, GraphQLObjectType } from "graphql";
import type { Shape, SpecifiedScalar } from "./shape.ts";

/** A field as far as its value is read from a property. */
export interface PropertyField {
  readonly responseName: string;
  readonly definition: GraphQLField<unknown, unknown>;
  readonly parentType: GraphQLObjectType;
  readonly shape: Shape;
  /** Set for the scalars of the specification, unless somebody has bent them. */
  readonly scalar: SpecifiedScalar | undefined;
  readonly isTypeName: boolean;
}
