/** A step of a selection set: some adjacent fields that are properties and leaves, or one other field. */
export type Step<Field> = { readonly properties: readonly Field[] } | { readonly field: Field };
