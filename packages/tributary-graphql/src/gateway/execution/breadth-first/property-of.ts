type Properties = Readonly<Record<string, unknown>>;

/** The property of a source; undefined for one that is no object. */
export function propertyOf(source: unknown, name: string): unknown {
  if ((typeof source !== "object" || source === null) && typeof source !== "function") return undefined;
  return (source as Properties)[name];
}
