import type { GraphQLField, GraphQLLeafType } from "graphql";
import type { PropertyField } from "./property-field.ts";
import type { Step } from "./step.ts";

/**
 * The assumptions under which the steps of a selection set read properties without a call: their fields have no resolver, and
 * the scalars of the specification coerce as they did. Tools change a schema that is in use, so each level checks this.
 */
export class PropertyAssumptions {
  readonly #definitions: readonly GraphQLField<unknown, unknown>[];
  readonly #scalars: readonly GraphQLLeafType[];
  /** The `coerceOutputValue` of each scalar when the steps were made. */
  readonly #coerce: readonly unknown[];

  constructor(steps: readonly Step<PropertyField>[]) {
    const fields = steps.flatMap((step) => ("properties" in step ? step.properties : []));
    const scalars = new Set<GraphQLLeafType>();
    for (const { shape } of fields) if (shape.kind === "leaf" && shape.specified) scalars.add(shape.type);
    this.#definitions = fields.filter(({ isTypeName }) => !isTypeName).map(({ definition }) => definition);
    this.#scalars = [...scalars];
    this.#coerce = this.#scalars.map(({ coerceOutputValue }) => coerceOutputValue);
  }

  hold(): boolean {
    const definitions = this.#definitions;
    for (let at = 0; at < definitions.length; at++) if (definitions[at]?.resolve) return false;
    const scalars = this.#scalars;
    for (let at = 0; at < scalars.length; at++) {
      if (scalars[at]?.coerceOutputValue !== this.#coerce[at]) return false;
    }
    return true;
  }
}
