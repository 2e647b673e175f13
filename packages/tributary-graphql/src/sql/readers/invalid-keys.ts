import { sql } from "kysely";
import type { PostgresColumns } from "../dialects/column-types.ts";
import { mysqlValue } from "../dialects/mysql/columns.ts";
import { type Fit, postgresFit } from "../dialects/postgres/columns.ts";
import { keyList } from "../statements/key-list.ts";
import { canBeStored, type KeyValues } from "../statements/keys.ts";
import type { Parents } from "../statements/parents.ts";
import { read } from "../statements/read.ts";
import { refusedWithin } from "./judged-keys.ts";
import type { ReadSource, ReadTypes } from "./read-types.ts";
import type { ReaderContext } from "./reader-context.ts";

type Context<Schema> = Pick<ReaderContext<Schema>, "database" | "scope" | "types">;

/**
 * Reads what keys have. A key that is no value of its column, `"undefined"` where the column is a `uuid`, has what a key
 * without any row has, and the others are read.
 */
export async function readAcceptable<Schema, Value>(
  context: Context<Schema>,
  source: ReadSource & { readonly parents: Parents },
  types: ReadTypes,
  keys: readonly KeyValues[],
  missing: Value,
  run: (keys: readonly KeyValues[]) => Promise<readonly (Value | Error)[]>,
): Promise<readonly (Value | Error)[]> {
  const { kind } = context.database;
  const asked = keys.map((key) => (canBeStored(kind, key) ? converted(types, key) : undefined));
  const acceptable = asked.filter((key) => key !== undefined);
  const read =
    kind === "postgres" ? () => readOnPostgres(context, source, acceptable, missing, run) : () => run(acceptable);
  const values = acceptable.length === 0 ? [] : await read();
  if (acceptable.length === keys.length) return values;
  const found = values.values();
  return asked.map((key) => (key === undefined ? missing : (found.next().value ?? missing)));
}

/** The key in the types of its columns, where the reader has to know them. */
function converted({ keys: columns }: ReadTypes, key: KeyValues): KeyValues | undefined {
  if (columns.length === 0) return key;
  const values: (string | number)[] = [];
  for (const [index, column] of columns.entries()) {
    const value = mysqlValue(column, key[index] ?? "");
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values;
}

/**
 * PostgreSQL refuses all keys when one is no value of the column's type. Only then are the types looked up, and the keys
 * that they refuse left out; of the others those that only the server can tell are found by halving.
 */
async function readOnPostgres<Schema, Value>(
  context: Context<Schema>,
  source: ReadSource & { readonly parents: Parents },
  keys: readonly KeyValues[],
  missing: Value,
  run: (keys: readonly KeyValues[]) => Promise<readonly (Value | Error)[]>,
): Promise<readonly (Value | Error)[]> {
  const { database, types } = context;
  const { table, columns } = source.parents;
  // In a transaction nothing may fail: that would take the transaction with it.
  const known = database.db.isTransaction ? await types.ofPostgres(database.db, table) : types.knownOfPostgres(table);
  const refused = new Set<KeyValues>();
  const doubtful: KeyValues[] = [];
  for (const key of known === undefined ? [] : keys) {
    const fit = fitOf(known ?? new Map(), columns, key);
    if (fit === "no") refused.add(key);
    else if (fit === "unknown") doubtful.push(key);
  }
  if (database.db.isTransaction)
    for (const key of await refusedWithin(database.db, source.parents, doubtful)) refused.add(key);
  const readRest = async () => {
    const rest = keys.filter((key) => !refused.has(key));
    const values = (rest.length === 0 ? [] : await run(rest)).values();
    return keys.map((key) => (refused.has(key) ? missing : (values.next().value ?? missing)));
  };
  try {
    return await readRest();
  } catch (error) {
    if (!isRefusedValue(error) || database.db.isTransaction) throw error;
    const before = refused.size;
    const current = await types.ofPostgres(database.db, table);
    const unknown: KeyValues[] = [];
    for (const key of keys) {
      const fit = fitOf(current, columns, key);
      if (fit === "no") refused.add(key);
      else if (fit === "unknown") unknown.push(key);
    }
    for (const key of await refusedByServer(context, source, unknown)) refused.add(key);
    if (refused.size === before) throw error;
    return await readRest();
  }
}

function fitOf(types: PostgresColumns, columns: readonly string[], key: KeyValues): Fit {
  let fit: Fit = "yes";
  for (const [index, column] of columns.entries()) {
    const own = postgresFit(types.get(column), key[index] ?? "");
    if (own === "no") return "no";
    if (own === "unknown") fit = "unknown";
  }
  return fit;
}

/** Which of these keys are no values of their columns: statements that convert keys and read no table. */
async function refusedByServer<Schema>(
  context: Context<Schema>,
  source: ReadSource & { readonly parents: Parents },
  keys: readonly KeyValues[],
): Promise<readonly KeyValues[]> {
  if (keys.length === 0 || (await isConverted(context, source, keys))) return [];
  if (keys.length === 1) return keys;
  const middle = Math.ceil(keys.length / 2);
  return [
    ...(await refusedByServer(context, source, keys.slice(0, middle))),
    ...(await refusedByServer(context, source, keys.slice(middle))),
  ];
}

async function isConverted<Schema>(
  { database, scope }: Context<Schema>,
  { call, parents }: ReadSource & { readonly parents: Parents },
  keys: readonly KeyValues[],
): Promise<boolean> {
  const list = keyList(database.kind, { ...parents, types: [] }, keys, []);
  try {
    await read(database, scope, call, keys.length, sql<object>`select 1 from ${list.from} limit 1`);
    return true;
  } catch (error) {
    if (isRefusedValue(error)) return false;
    throw error;
  }
}

/** SQLSTATE class 22 is "data exception"; 23514 and 23502 come from a domain, which makes a conflict for clients of them. */
const isRefusedValue = (error: unknown): boolean =>
  error instanceof Error &&
  (("code" in error && /^(?:22\w{3}|23514|23502)$/.test(String(error.code))) || isRefusedValue(error.cause));
