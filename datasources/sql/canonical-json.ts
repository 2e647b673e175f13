/**
 * A text that is the same for equal values: the order of properties does not matter, nor one that is undefined.
 * @throws TypeError for what JSON has no word for, a function or a Map: two of them would look alike
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "number") return Object.is(value, -0) ? "0" : String(value);
  if (value === undefined || value === null || typeof value === "boolean" || typeof value === "string") {
    return JSON.stringify(value) ?? "undefined";
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (value instanceof Date) return `Date(${value.getTime()})`;
  if (typeof value === "object" && isPlain(value)) {
    // A loop, because every load of every reader comes by here.
    let properties = "";
    for (const name of Object.keys(value).sort()) {
      const entry: unknown = Reflect.get(value, name);
      if (entry === undefined) continue;
      properties += `${properties === "" ? "" : ","}${JSON.stringify(name)}:${canonicalJson(entry)}`;
    }
    return `{${properties}}`;
  }
  throw new TypeError(`Expected arguments of plain values, arrays and objects, got ${String(value)}.`);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
