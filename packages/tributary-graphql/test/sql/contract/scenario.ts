import fc from "fast-check";
import { dataColumnNames, type ItemColumn, itemColumns, keyColumnNames } from "./item-table.ts";
import { type ModelValue, texts, valuesOf } from "./values.ts";

export type ModelRow = Readonly<Partial<Record<ItemColumn, ModelValue>>>;

/** A link of an owner to an item. Both may be NULL, and the item may not exist. */
export interface LinkRow {
  readonly owner: string | null;
  readonly item: bigint | null;
}

/** The content of a database for one scenario. */
export interface Tables {
  /** The keys and some of the other columns. */
  readonly columns: readonly ItemColumn[];
  /** The columns of each index. The results do not depend on indexes. */
  readonly indexes: readonly (readonly ItemColumn[])[];
  readonly rows: readonly ModelRow[];
  readonly links: readonly LinkRow[];
}

const maxRows = 40;
const maxPool = 4;

/** Few distinct values per column, so that there are ties, and many NULLs in some columns. */
type Pools = Readonly<Record<Exclude<ItemColumn, "id" | "code">, readonly ModelValue[]>>;

const pooledColumns = (Object.keys(itemColumns) as ItemColumn[]).filter((name) => name !== "id" && name !== "code");

const pools = fc.record(
  Object.fromEntries(
    pooledColumns.map((name) => [
      name,
      fc.array(valuesOf(itemColumns[name]), { minLength: 2, maxLength: maxPool, size: "max" }),
    ]),
  ),
) as fc.Arbitrary<Pools>;

/** A row before its values are picked from the pools. */
interface Seedling {
  readonly id: ModelValue;
  readonly code: ModelValue;
  readonly picks: readonly number[];
  readonly isSpare: boolean;
}

const seedlings: fc.Arbitrary<Seedling[]> = fc.uniqueArray(
  fc.record({
    id: valuesOf(itemColumns.id),
    code: valuesOf(itemColumns.code),
    picks: fc.array(fc.nat(maxPool - 1), { minLength: pooledColumns.length, maxLength: pooledColumns.length }),
    isSpare: fc.nat(2).map((nat) => nat === 2),
  }),
  { maxLength: maxRows, comparator: (a, b) => a.id === b.id || a.code === b.code, size: "max" },
);

function grow({ id, code, picks }: Seedling, columns: readonly ItemColumn[], from: Pools): ModelRow {
  const row: Partial<Record<ItemColumn, ModelValue>> = { id, code };
  for (const [index, name] of pooledColumns.entries()) {
    const pool = from[name as keyof Pools];
    if (columns.includes(name)) row[name] = pool[(picks[index] ?? 0) % pool.length] ?? null;
  }
  return row;
}

const parentIndexes: readonly (readonly ItemColumn[])[] = [
  [],
  ["parent_whole"],
  ["parent_big"],
  ["parent_text"],
  ["parent_text", "parent_whole"],
];

/** Tables, and `spare` rows that can be inserted: their ids and codes are not used. */
export const tablesWithSpareRows: fc.Arbitrary<{ readonly tables: Tables; readonly spare: readonly ModelRow[] }> = fc
  .record({
    data: fc.subarray(dataColumnNames, { minLength: 1, maxLength: 5 }),
    parents: fc.subarray([...parentIndexes], { maxLength: 3 }),
    pools,
    seedlings,
    owners: fc.uniqueArray(texts, { minLength: 1, maxLength: 4 }),
    links: fc.uniqueArray(fc.tuple(fc.nat(4), fc.nat(maxRows + 2)), { maxLength: 60, selector: (link) => link.join() }),
  })
  .map(({ data, parents, pools, seedlings, owners, links }) => {
    const columns = [...keyColumnNames, ...data];
    const rowsWhere = (isSpare: boolean) =>
      seedlings.filter((seedling) => seedling.isSpare === isSpare).map((seedling) => grow(seedling, columns, pools));
    const rows = rowsWhere(false);
    return {
      tables: {
        columns,
        indexes: parents.map((parent) => [...parent, ...data.slice(0, 2), "id"] as const),
        rows,
        links: links.map(([owner, item]) => ({ owner: owners[owner] ?? null, item: linkedItem(rows, item) })),
      },
      spare: rowsWhere(true),
    };
  });

export const tables: fc.Arbitrary<Tables> = tablesWithSpareRows.map(({ tables, spare }) => ({
  ...tables,
  rows: [...tables.rows, ...spare],
}));

/** An index past the rows stands for an item that does not exist, or NULL. */
function linkedItem(rows: readonly ModelRow[], index: number): bigint | null {
  const id = rows[index]?.id;
  if (typeof id === "bigint") return id;
  return index === maxRows ? 7_777_777n : null;
}
