/** What is done one after the other: a run of fields that are properties and leaves, or one other field. */
export type Step<Field> = { readonly properties: readonly Field[] } | { readonly field: Field };
