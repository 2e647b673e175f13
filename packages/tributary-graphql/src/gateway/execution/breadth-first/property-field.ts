import type { GraphQLField, GraphQLObjectType } from "graphql";
import type { Shape, SpecifiedScalar } from "./shape.ts";

/** The part of a field plan that reading its value from a property needs. */
export interface PropertyField {
  readonly responseName: string;
  readonly definition: GraphQLField<unknown, unknown>;
  readonly parentType: GraphQLObjectType;
  readonly shape: Shape;
  /** Set for the scalars of the specification, unless a tool has changed their coercion. */
  readonly scalar: SpecifiedScalar | undefined;
  readonly isTypeName: boolean;
}
