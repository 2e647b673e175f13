import { type Expression, type ExpressionBuilder, expressionBuilder, type SqlBool, sql } from "kysely";
import type { Database } from "./open.ts";
import type { ColumnName, TableName } from "./page.ts";
import { type ReadScope, read } from "./read.ts";

export interface CountSource<Schema, Table extends TableName<Schema>> {
  readonly table: Table;
  readonly where?: (builder: ExpressionBuilder<Schema, Table>) => Expression<SqlBool>;
}

/** How many rows match. */
export async function countRows<Schema, Table extends TableName<Schema>>(
  database: Database<Schema>,
  scope: ReadScope,
  call: string,
  source: CountSource<Schema, Table>,
): Promise<number> {
  const query = sql<{
    total: Total;
  }>`select count(*) as total from ${sql.table(source.table)} where ${condition(source)}`;
  const [row] = await read(database, scope, call, 1, query);
  return Number(row?.total ?? 0);
}

/** How many rows match for each parent, in the order of the keys; 0 for a parent without any. One round trip. */
export async function countByParent<Schema, Table extends TableName<Schema>, Key extends string | number>(
  database: Database<Schema>,
  scope: ReadScope,
  call: string,
  source: CountSource<Schema, Table> & { readonly parent: ColumnName<Schema, Table> },
  keys: readonly Key[],
): Promise<number[]> {
  if (keys.length === 0) return [];
  const parent = sql.ref(`${source.table}.${source.parent}`);
  const query = sql<{ parent: Key; total: Total }>`
    select ${parent} as parent, count(*) as total from ${sql.table(source.table)}
    where ${parent} in (${sql.join(keys)}) and ${condition(source)} group by ${parent}`;
  const rows = await read(database, scope, call, keys.length, query);
  const totals = new Map(rows.map((row) => [row.parent, Number(row.total)]));
  return keys.map((key) => totals.get(key) ?? 0);
}

/** PostgreSQL counts in 64 bits, which its driver gives as text. */
type Total = number | string | bigint;

const condition = <Schema, Table extends TableName<Schema>>({ where }: CountSource<Schema, Table>) =>
  where ? where(expressionBuilder<Schema, Table>()) : sql<SqlBool>`1 = 1`;
