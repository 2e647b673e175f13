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
    // A loop that quotes no plain name, because every load of every reader comes by here.
    let properties = "";
    for (const name of Object.keys(value).sort()) {
      const entry = (value as Record<string, unknown>)[name];
      if (entry === undefined) continue;
      properties += `${plainName.test(name) ? name : JSON.stringify(name)}:${canonicalJson(entry)},`;
    }
    return `{${properties}}`;
  }
  throw new TypeError(`Expected arguments of plain values, arrays and objects, got ${String(value)}.`);
}

const plainName = /^\w+$/;

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/**
 * Whether two values are plainly the same, at a tenth of what their texts cost. False says nothing: an order of
 * properties, or one that is undefined, can be all that differs.
 */
export function isPlainlySame(one: unknown, other: unknown): boolean {
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return one === other;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  if (!Array.isArray(one) && !(isPlain(one) && isPlain(other))) return false;
  const names = Object.keys(one);
  const otherNames = Object.keys(other);
  if (names.length !== otherNames.length) return false;
  // A loop without a closure: every load of every reader comes by here.
  for (let index = 0; index < names.length; index++) {
    const name = names[index];
    if (name === undefined || name !== otherNames[index]) return false;
    if (!isPlainlySame(Reflect.get(one, name), Reflect.get(other, name))) return false;
  }
  return true;
}

/** A copy of what `canonicalJson` has a text for, at a tenth of what `structuredClone` takes. */
export function plainCopy<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Date) return new Date(value) as Value;
  if (Array.isArray(value)) return value.map(plainCopy) as Value;
  const copy: Record<string, unknown> = Object.create(null);
  for (const name of Object.keys(value)) copy[name] = plainCopy(Reflect.get(value, name));
  return copy as Value;
}
