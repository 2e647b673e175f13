import { type Expression, type SqlBool, sql } from "kysely";
import { CallLog } from "../../../src/core/call-log.ts";
import type { OrderOf, OrderType } from "../../../src/relay/order.ts";
import type { Database } from "../../../src/sql/database.ts";
import { createReads, type Reads } from "../../../src/sql/reads.ts";
import { type ColumnType, type ContractDatabase, type ItemTable, itemColumns } from "./item-table.ts";
import type { ModelFilter, ModelKey, ModelOrder, ModelOrderColumn } from "./model.ts";
import type { ModelValue } from "./values.ts";

/** The readers of one request, and its call log. */
export interface ContractRequest {
  readonly reads: Reads<ContractDatabase>;
  readonly calls: CallLog;
}

export function newRequest(database: Database<ContractDatabase>): ContractRequest {
  const calls = new CallLog();
  return { reads: createReads(database, { calls, signal: new AbortController().signal }), calls };
}

/** The arguments of the readers: JSON, so 64-bit integers are digits. */
export interface FilterArguments {
  readonly filter?: Omit<ModelFilter, "value"> & { readonly value: string | number | boolean | null };
}

export const argumentsOf = (filter: ModelFilter | undefined): FilterArguments =>
  filter === undefined
    ? {}
    : { filter: { ...filter, value: typeof filter.value === "bigint" ? String(filter.value) : filter.value } };

/** The condition of a filter; undefined without a filter. */
export function whereFilter(_builder: unknown, { filter }: FilterArguments): Expression<SqlBool> | undefined {
  if (filter === undefined) return undefined;
  const column = sql.ref(`item.${filter.column}`);
  if (filter.operator === "is null") return sql<SqlBool>`${column} is null`;
  const value = itemColumns[filter.column].type === "big" ? BigInt(String(filter.value)) : filter.value;
  return sql<SqlBool>`${column} ${sql.raw(filter.operator)} ${value}`;
}

/** Converts the model's order to that of the readers. */
export function orderOf(order: ModelOrder): OrderOf<ItemTable> {
  const [first, ...rest] = order.map(orderColumnOf);
  if (first === undefined) throw new Error("Expected an order of at least one column, got none.");
  return [first, ...rest];
}

/** Cast, because the compiler cannot infer the column's type and whether it has `nulls`. */
const orderColumnOf = (column: ModelOrderColumn): OrderOf<ItemTable>[number] =>
  ({ ...column, type: orderTypes[itemColumns[column.column].type] }) as OrderOf<ItemTable>[number];

const orderTypes: Record<ColumnType, OrderType> = {
  whole: "integer",
  big: "integer",
  double: "double",
  decimal: "decimal",
  text: "text",
  timestamp: "timestamp",
  date: "date",
  boolean: "boolean",
};

/** A parent column of items, or two of them as a composite key. */
export const parentKinds = ["parent_whole", "parent_big", "parent_text", "pair"] as const;
export type ParentKind = (typeof parentKinds)[number];
export const pair = ["parent_text", "parent_big"] as const;

/** A key of one column: `7`, or `"7"`, which is the same key for a column of 64 bits. */
export const singleKey = (key: ModelKey): string | number => keyValue(key[0]?.[1]);

export const pairKey = ([text, big]: ModelKey) => ({
  parent_text: String(text?.[1]),
  parent_big: keyValue(big?.[1]),
});

export function keyValue(value: ModelValue | undefined): string | number {
  if (typeof value === "bigint")
    return value % 2n === 0n && Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === "string" || typeof value === "number") return value;
  throw new Error(`Expected the value of a key, got ${String(value)}.`);
}
