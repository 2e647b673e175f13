/**
 * The table of the contract tests. It has a column of every type, with and without NULLs, and names that need
 * quoting. Each scenario creates it with some of these columns only; the keys are always there.
 */
export interface ContractDatabase {
  item: ItemTable;
  link: LinkTable;
}

export interface ItemTable {
  /** Unique, 64 bits: a string of digits beyond 2^53 - 1. */
  id: number | string;
  /** Unique. */
  code: string;
  parent_whole: number | null;
  parent_big: number | string | null;
  parent_text: string | null;
  order: number;
  group: number | null;
  big: number | string;
  big_null: number | string | null;
  ratio: number;
  "a b": number | null;
  amount: number | string;
  amount_null: number | string | null;
  größe: string;
  text_null: string | null;
  at: Date | string;
  at_null: Date | string | null;
  day: Date | string;
  day_null: Date | string | null;
  flag: boolean | number;
  flag_null: boolean | number | null;
}

/** A join table with column names of the item table, so that an unqualified name would be ambiguous. */
export interface LinkTable {
  id: number;
  owner: string | null;
  code: number | string | null;
}

/** The type of a column. `big` is a 64-bit integer; `decimal` has four decimal places. */
export const columnTypes = ["whole", "big", "double", "decimal", "text", "timestamp", "date", "boolean"] as const;

export type ColumnType = (typeof columnTypes)[number];

export interface Column {
  readonly type: ColumnType;
  readonly nullable?: true;
}

export const keyColumns = {
  id: { type: "big" },
  code: { type: "text" },
  parent_whole: { type: "whole", nullable: true },
  parent_big: { type: "big", nullable: true },
  parent_text: { type: "text", nullable: true },
} as const satisfies Partial<Record<keyof ItemTable, Column>>;

export const dataColumns = {
  order: { type: "whole" },
  group: { type: "whole", nullable: true },
  big: { type: "big" },
  big_null: { type: "big", nullable: true },
  ratio: { type: "double" },
  "a b": { type: "double", nullable: true },
  amount: { type: "decimal" },
  amount_null: { type: "decimal", nullable: true },
  größe: { type: "text" },
  text_null: { type: "text", nullable: true },
  at: { type: "timestamp" },
  at_null: { type: "timestamp", nullable: true },
  day: { type: "date" },
  day_null: { type: "date", nullable: true },
  flag: { type: "boolean" },
  flag_null: { type: "boolean", nullable: true },
} as const satisfies Record<Exclude<keyof ItemTable, keyof typeof keyColumns>, Column>;

export type ItemColumn = keyof ItemTable;
export type DataColumn = keyof typeof dataColumns;

export const itemColumns: Readonly<Record<ItemColumn, Column>> = { ...keyColumns, ...dataColumns };

export const keyColumnNames = Object.keys(keyColumns) as (keyof typeof keyColumns)[];
export const dataColumnNames = Object.keys(dataColumns) as DataColumn[];
