import { type Kysely, sql } from "kysely";
import type { Database } from "tributary-graphql/sql";

/** Two tables with the same columns; the second one has ten times the rows. */
export interface BenchSchema {
  small: EntryTable;
  large: EntryTable;
}

export interface EntryTable {
  id: number;
  /** Both tables have the same number of parents; in the larger table each parent has ten times the rows. */
  parent_id: number;
  /** A group has `rowsPerGroup` rows; the larger table has ten times the groups. */
  group_id: number;
  score: number;
  title: string;
  body: string;
}

export type TableName = keyof BenchSchema;

export interface TableSizes {
  readonly parents: number;
  readonly rows: Readonly<Record<TableName, number>>;
}

export const rowsPerGroup = 50;

export const tableSizes = (parents: number): TableSizes => ({
  parents,
  rows: { small: parents * rowsPerGroup, large: parents * rowsPerGroup * 10 },
});

export const groupsOf = (sizes: TableSizes, table: TableName): number => sizes.rows[table] / rowsPerGroup;

const rowsPerInsert = 100_000;

/** Creates and fills both tables. The rows of a parent are not adjacent, as in a table that has grown over years. */
export async function createTables({ db, kind }: Database<BenchSchema>, sizes: TableSizes): Promise<void> {
  for (const table of ["small", "large"] as const) {
    await createTable(db, table);
    for (let first = 0; first < sizes.rows[table]; first += rowsPerInsert)
      await insertRows(db, table, { first, end: Math.min(first + rowsPerInsert, sizes.rows[table]) }, sizes);
    await createIndexes(db, table);
    await (kind === "mysql" ? sql`analyze table ${sql.table(table)}` : sql`analyze ${sql.table(table)}`).execute(db);
  }
  // Sets the visibility map, for index-only scans.
  if (kind === "postgres") await sql`vacuum`.execute(db);
}

async function createTable(db: Kysely<BenchSchema>, table: TableName): Promise<void> {
  await db.schema
    .createTable(table)
    .addColumn("id", "integer", (column) => column.primaryKey())
    .addColumn("parent_id", "integer", (column) => column.notNull())
    .addColumn("group_id", "integer", (column) => column.notNull())
    .addColumn("score", "integer", (column) => column.notNull())
    .addColumn("title", "varchar(40)", (column) => column.notNull())
    .addColumn("body", "varchar(80)", (column) => column.notNull())
    .execute();
}

async function createIndexes(db: Kysely<BenchSchema>, table: TableName): Promise<void> {
  const byParent = db.schema.createIndex(`${table}_by_parent`).on(table);
  await byParent.columns(["parent_id", "score desc", "id"]).execute();
  await db.schema.createIndex(`${table}_by_group`).on(table).column("group_id").execute();
}

/** Generates the ids from `first` up to `end` by a join of digits, which works in every database. The score has ties. */
async function insertRows(
  db: Kysely<BenchSchema>,
  table: TableName,
  { first, end }: { readonly first: number; readonly end: number },
  sizes: TableSizes,
): Promise<void> {
  const digits = sql.join(
    Array.from({ length: 10 }, (_, digit) => sql`select ${sql.lit(digit)} as digit`),
    sql` union all `,
  );
  const positions = ["a", "b", "c", "d", "e"].map((name) => sql`(${digits}) as ${sql.ref(name)}`);
  await sql`
    insert into ${sql.table(table)} (id, parent_id, group_id, score, title, body)
    select id, id % ${sql.lit(sizes.parents)}, id % ${sql.lit(groupsOf(sizes, table))}, (id % 100003) * 7919 % 997,
      concat('Entry ', id), concat('What is said about the entry with the number ', id)
    from (
      select ${sql.lit(first)} + a.digit + 10 * b.digit + 100 * c.digit + 1000 * d.digit + 10000 * e.digit as id
      from ${sql.join(positions)}
    ) as numbers where id < ${sql.lit(end)} order by id`.execute(db);
}

/** Ids of parents or groups, spread over all of them; 7,919 and powers of ten are coprime. */
export const spreadKeys = (count: number, all: number): number[] =>
  Array.from({ length: count }, (_, index) => (index * 7919) % all);
