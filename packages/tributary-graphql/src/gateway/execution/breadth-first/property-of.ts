type Properties = Readonly<Record<string, unknown>>;

/** What is no object has no properties. */
export function propertyOf(source: unknown, name: string): unknown {
  if ((typeof source !== "object" || source === null) && typeof source !== "function") return undefined;
  return (source as Properties)[name];
}
