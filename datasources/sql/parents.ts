import { type RawBuilder, sql } from "kysely";
import { columnList, rowKey } from "./keys.ts";

/** Where the parents of rows stand: in columns of their table, or in those of a table that it is joined to. */
export interface Parents {
  /** The table that has the columns. */
  readonly table: string;
  readonly columns: readonly string[];
  /** What the columns are called in a row that was read; a column of another table has a name that no column has. */
  readonly names: readonly string[];
  readonly isJoined: boolean;
  /** The rows' own table, with what it is joined to. */
  readonly from: RawBuilder<unknown>;
}

export const parentsIn = (table: string, parent: string | readonly string[]): Parents => {
  const columns = columnList(parent);
  return { table, columns, names: columns, isJoined: false, from: sql.table(table) };
};

interface JoinSource {
  readonly table: string;
  readonly parent: string | readonly string[];
  readonly child: string | readonly string[];
}

/** @throws TypeError when `child` has not as many columns as `key` */
export function parentsThrough(
  call: string,
  table: string,
  key: string | readonly string[],
  { table: join, parent, child }: JoinSource,
): Parents {
  const columns = columnList(parent);
  const keyColumns = columnList(key);
  const childColumns = columnList(child);
  if (keyColumns.length !== childColumns.length) {
    throw new TypeError(
      `${call}: expected as many columns in through.child as in the key, got ${childColumns.join(", ")}.`,
    );
  }
  const pairs = keyColumns.map(
    (column, index) => sql`${sql.ref(`${table}.${column}`)} = ${sql.ref(`${join}.${childColumns[index]}`)}`,
  );
  return {
    table: join,
    columns,
    names: columns.map((_, index) => `parent ${index}`),
    isJoined: true,
    from: sql`${sql.table(join)} inner join ${sql.table(table)} on ${sql.join(pairs, sql` and `)}`,
  };
}

/** What has to be read beside the columns of the rows' own table. */
export const joinedColumns = ({ table, columns, names, isJoined }: Parents): RawBuilder<unknown>[] =>
  isJoined
    ? columns.map((column, index) => sql`${sql.ref(`${table}.${column}`)} as ${sql.id(names[index] ?? column)}`)
    : [];

/**
 * The rows of each parent, by the identity of its key. What was read beside a row is taken out of it.
 *
 * @param isRepeated whether a row is the one before it once more, and so is left out
 */
export function groupByParent<Row extends object>(
  rows: readonly Row[],
  { names, isJoined }: Parents,
  isRepeated: (row: Row, before: Row) => boolean = () => false,
): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = rowKey(row, names);
    if (key === undefined) continue;
    if (isJoined) for (const name of names) Reflect.deleteProperty(row, name);
    const group = groups.get(key);
    const before = group?.at(-1);
    if (group === undefined || before === undefined) groups.set(key, [row]);
    else if (!isRepeated(row, before)) group.push(row);
  }
  return groups;
}
