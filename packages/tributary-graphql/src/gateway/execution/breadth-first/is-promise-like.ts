/** Whether a value has a method `then`. May throw for a proxy or a getter. */
export function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  if ((typeof value !== "object" || value === null) && typeof value !== "function") return false;
  return typeof (value as Partial<PromiseLike<unknown>>).then === "function";
}
