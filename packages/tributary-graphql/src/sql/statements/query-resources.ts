import type { CompiledQuery, TableNode } from "kysely";
import { tableKey } from "./query-tables.ts";

/** The first nodes of a query name its tables. A union for hundreds of parents repeats them; a full walk takes milliseconds. */
const maxObjects = 200;

const cache = new WeakMap<object, readonly string[]>();

/** The resources that a query may wait for: its tables, or for raw SQL, whose tables are unknown, the name of the call. */
export function resourcesOf(call: string, { query }: CompiledQuery<unknown>): readonly string[] {
  let resources = cache.get(query);
  if (resources === undefined) {
    const names = new Set<string>();
    addTables(query, names, { left: maxObjects });
    resources = names.size === 0 ? [`call ${call}`] : [...names].sort();
    // A reader's compiled statement is sent many times.
    cache.set(query, resources);
  }
  return resources;
}

function addTables(value: unknown, names: Set<string>, objects: { left: number }): void {
  if (typeof value !== "object" || value === null || objects.left <= 0) return;
  objects.left--;
  if (isTable(value)) names.add(tableKey(value.table.identifier.name));
  else for (const part of Object.values(value)) addTables(part, names, objects);
}

const isTable = (value: object): value is TableNode => "kind" in value && value.kind === "TableNode";
