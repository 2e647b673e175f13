import { type RawBuilder, sql } from "kysely";
import { columnList } from "./keys.ts";

/** The columns with the parent's key: in the table itself, or in a join table. */
export interface Parents {
  /** The table that has the columns. */
  readonly table: string;
  readonly columns: readonly string[];
  readonly isJoined: boolean;
  /** The join clause after `table`, whose alias is `name`: empty, or the join of the rows' table. */
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

/** @throws TypeError when `child` and `key` differ in the number of columns */
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
      `${call}: expected through.child to have as many columns as the key (${keyColumns.length}), got ${childColumns.join(", ")}.`,
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
