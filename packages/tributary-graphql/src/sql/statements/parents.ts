import { type RawBuilder, sql } from "kysely";
import { columnList } from "./keys.ts";

/** Where the parents of rows stand: in columns of their table, or in those of a table that it is joined to. */
export interface Parents {
  /** The table that has the columns. */
  readonly table: string;
  readonly columns: readonly string[];
  readonly isJoined: boolean;
  /** Behind `table` in `from`, which is called `name` there: nothing, or how the rows' own table is joined to it. */
  join(name: string): RawBuilder<unknown>;
}

export const parentsIn = (table: string, parent: string | readonly string[]): Parents => {
  const columns = columnList(parent);
  return { table, columns, isJoined: false, join: () => sql`` };
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
  const pairs = (name: string) =>
    keyColumns.map(
      (column, index) => sql`${sql.ref(`${table}.${column}`)} = ${sql.ref(`${name}.${childColumns[index]}`)}`,
    );
  return {
    table: join,
    columns,
    isJoined: true,
    join: (name) => sql` inner join ${sql.table(table)} on ${sql.join(pairs(name), sql` and `)}`,
  };
}
