/** An object of the answer, its response names in order. */
export type Row = Record<string, unknown>;

/**
 * What the objects of the answer inherit from: nothing that has a name. graphql-js makes them without a prototype, which
 * V8 keeps as hash tables, at ten times the time to make and twice the time to print. Like those, these have no
 * `constructor` and no `toString`, and take `__proto__` for a name like any other.
 */
export const nothing: object = Object.freeze(Object.create(null));

const EmptyRow = createRowClass();

export const emptyRow = (): Row => new EmptyRow();

function createRowClass(): new () => Row {
  function EmptyRow(this: Row): void {}
  EmptyRow.prototype = nothing;
  return EmptyRow as unknown as new () => Row;
}

/**
 * Makes the objects of an answer inherit from `Object.prototype`, in place: libraries that look for plain objects take no
 * other ones. Returns the answer.
 */
export function withPlainRows<Value>(value: Value): Value {
  if (Array.isArray(value)) {
    for (const item of value) withPlainRows(item);
  } else if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === nothing) {
    Object.setPrototypeOf(value, Object.prototype);
    for (const name of Object.keys(value)) withPlainRows((value as Row)[name]);
  }
  return value;
}
