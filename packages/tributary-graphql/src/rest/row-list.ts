/** Finds the rows of a body: in the output of its schema, and in the raw body. */
export type RowsOf = (body: unknown) => readonly unknown[];

/** The rows of a raw body, and their position in it. */
export interface RowList {
  readonly body: unknown;
  readonly rows: readonly unknown[];
  /** The property names from the body to the array of rows; empty if the body is the array. */
  readonly path: readonly string[];
  /** A copy of the body that has only the rows at these positions. */
  bodyWith(positions: readonly number[]): unknown;
}

/** The maximum depth of the rows in a body. */
const maxDepth = 4;

/** Undefined if the array of rows cannot be found. */
export function rowListOf(body: unknown, rowsOf: RowsOf): RowList | undefined {
  const rows = rowsIn(body, rowsOf);
  if (rows === undefined) return undefined;
  const arrays = [...arraysIn(body, [])];
  const sameLength = arrays.filter(({ array }) => array.length === rows.length);
  // `rowsOf` may map an array, as `edges.map(({ node }) => node)` does: then an array of the same length is looked for.
  const found = arrays.find(({ array }) => array === rows) ?? (sameLength.length === 1 ? sameLength[0] : undefined);
  if (found === undefined) return undefined;
  const { array, path } = found;
  return {
    body,
    rows,
    path,
    bodyWith: (positions) =>
      replaced(
        body,
        path,
        positions.map((position) => array[position]),
      ),
  };
}

function rowsIn(body: unknown, rowsOf: RowsOf): readonly unknown[] | undefined {
  try {
    const rows: unknown = rowsOf(body);
    return Array.isArray(rows) ? rows : undefined;
  } catch {
    // `rowsOf` is written for the output of the schema, which may have another shape.
    return undefined;
  }
}

interface FoundArray {
  readonly array: readonly unknown[];
  readonly path: readonly string[];
}

function* arraysIn(value: unknown, path: readonly string[]): Generator<FoundArray> {
  if (Array.isArray(value)) yield { array: value, path };
  else if (typeof value === "object" && value !== null && path.length < maxDepth) {
    for (const [name, one] of Object.entries(value)) yield* arraysIn(one, [...path, name]);
  }
}

/** Copies the objects along the path and shares the rest. */
function replaced(body: unknown, [name, ...rest]: readonly string[], array: readonly unknown[]): unknown {
  if (name === undefined) return array;
  const record = body as Readonly<Record<string, unknown>>;
  return { ...record, [name]: replaced(record[name], rest, array) };
}
