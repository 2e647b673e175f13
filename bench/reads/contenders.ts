import { CallLog } from "tributary-graphql";
import { createReads } from "tributary-graphql/sql";
import type { Contender } from "../measure.ts";
import { groupsByHand, pagesByHand } from "./by-hand.ts";
import type { BenchDatabase } from "./host.ts";
import { inList, numberedRows, queryPerParent } from "./naive.ts";
import type { EntryTable, TableName } from "./tables.ts";

/** The rows of each key, in the order of the keys. */
export type Rows = readonly (readonly EntryTable[])[];

export const pageSize = 5;

export const names = {
  ours: "Tributary",
  byHand: "by hand",
  naive: "DataLoader, `in`",
  numbered: "DataLoader, `row_number()`",
  perParent: "a query per parent",
} as const;

/** The first five entries of each parent, highest score first. */
export function pageContenders(bench: BenchDatabase, table: TableName, parents: readonly number[]): Contender<Rows>[] {
  const { raw, database } = bench;
  const { kind } = database;
  return [
    { name: names.byHand, run: () => pagesByHand(raw, kind, table, parents, pageSize) },
    { name: names.ours, run: () => readPages(bench, table, parents) },
    { name: names.numbered, run: () => numberedRows(raw, kind, table, parents, pageSize) },
    { name: names.perParent, run: () => queryPerParent(raw, kind, table, parents, pageSize) },
  ];
}

/** All entries of each group. */
export function groupContenders(bench: BenchDatabase, table: TableName, groups: readonly number[]): Contender<Rows>[] {
  const { raw, database } = bench;
  const { kind } = database;
  return [
    { name: names.byHand, run: () => groupsByHand(raw, kind, table, groups) },
    { name: names.ours, run: () => readGroups(bench, table, groups) },
    { name: names.naive, run: () => inList(raw, kind, table, groups) },
  ];
}

/** New readers, as in each request. */
const requestReads = ({ database }: BenchDatabase) =>
  createReads(database, { calls: new CallLog(), signal: new AbortController().signal });

async function readPages(bench: BenchDatabase, table: TableName, parents: readonly number[]): Promise<Rows> {
  const entries = requestReads(bench).pageByParent({
    call: "entriesByParent",
    table,
    parent: "parent_id",
    id: "id",
    orderBy: [
      { column: "score", direction: "desc", type: "integer" },
      { column: "id", direction: "asc", type: "integer" },
    ],
  });
  const window = { size: pageSize, backward: false };
  const pages = await Promise.all(parents.map((parent) => entries.load(parent, { window })));
  return pages.map(({ rows }) => rows);
}

function readGroups(bench: BenchDatabase, table: TableName, groups: readonly number[]): Promise<Rows> {
  const entries = requestReads(bench).manyByKey({ call: "entriesByGroup", table, key: "group_id" });
  return Promise.all(groups.map((group) => entries.load(group)));
}
