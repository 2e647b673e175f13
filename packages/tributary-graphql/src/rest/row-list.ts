/** Finds the rows of a body, in what its schema made of it and in the body as it came. */
export type RowsOf = (body: unknown) => readonly unknown[];

/** The rows of a body as it came, and where they are. */
export interface RowList {
  readonly body: unknown;
  readonly rows: readonly unknown[];
  /** Names that lead from the body to the array that the rows come from; none for a body that is this array. */
  readonly path: readonly string[];
  /** The body with the rows at these positions alone. */
  bodyWith(positions: readonly number[]): unknown;
}

/** How deep in an envelope rows are looked for. */
const maxDepth = 4;

/** Undefined where the body has no rows that can be told from the rest of it. */
export function rowListOf(body: unknown, rowsOf: RowsOf): RowList | undefined {
  const rows = rowsIn(body, rowsOf);
  if (rows === undefined) return undefined;
  const arrays = [...arraysIn(body, [])];
  const sameLength = arrays.filter(({ array }) => array.length === rows.length);
  // Rows that are taken out of something else, `edges.map(({ node }) => node)`, are as many as there are of it.
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
    // Made for what the schema gives, which is of another shape.
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

/** A copy of the body along the path, the rest of it shared. */
function replaced(body: unknown, [name, ...rest]: readonly string[], array: readonly unknown[]): unknown {
  if (name === undefined) return array;
  const record = body as Readonly<Record<string, unknown>>;
  return { ...record, [name]: replaced(record[name], rest, array) };
}
