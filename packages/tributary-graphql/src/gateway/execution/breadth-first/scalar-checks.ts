import type { SpecifiedScalar } from "./shape.ts";

/**
 * Whether a value needs no coercion by its scalar. Compiled code calls these functions too, and V8 inlines them.
 */
export const isCoerced: Readonly<Record<SpecifiedScalar, (value: unknown) => boolean>> = {
  Int: (value) => typeof value === "number" && (value | 0) === value,
  Float: (value) => Number.isFinite(value),
  String: (value) => typeof value === "string",
  Boolean: (value) => typeof value === "boolean",
  ID: (value) => typeof value === "string",
};
