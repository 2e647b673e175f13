/** An object of the result, its response names in order. */
export type Row = Record<string, unknown>;

/**
 * The prototype of the result's objects. graphql-js makes them without a prototype, which V8 keeps as hash tables: they take ten
 * times as long to make, and twice as long to print. Like those, objects with this prototype have no `constructor` and no
 * `toString`, and `__proto__` is a name like any other.
 */
export const emptyPrototype: object = Object.freeze(Object.create(null));

const EmptyRow = createRowClass();

export const emptyRow = (): Row => new EmptyRow();

function createRowClass(): new () => Row {
  function EmptyRow(this: Row): void {}
  EmptyRow.prototype = emptyPrototype;
  return EmptyRow as unknown as new () => Row;
}

/**
 * Makes the objects of a result inherit from `Object.prototype`, in place: libraries that check for plain objects accept no
 * others. Returns the result.
 */
export function withPlainRows<Value>(value: Value): Value {
  if (Array.isArray(value)) {
    for (const item of value) withPlainRows(item);
  } else if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === emptyPrototype) {
    Object.setPrototypeOf(value, Object.prototype);
    for (const name of Object.keys(value)) withPlainRows((value as Row)[name]);
  }
  return value;
}
