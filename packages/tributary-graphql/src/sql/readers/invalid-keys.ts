import { sql } from "kysely";
import type { PostgresColumns } from "../dialects/column-types.ts";
import { toMysqlKey } from "../dialects/mysql/columns.ts";
import { postgresValidity, type Validity } from "../dialects/postgres/columns.ts";
import { keyList } from "../statements/key-list.ts";
import { canBeStored, type KeyValues } from "../statements/keys.ts";
import type { Parents } from "../statements/parents.ts";
import { read } from "../statements/read.ts";
import { invalidKeysInTransaction } from "./invalid-keys-in-transaction.ts";
import type { ReadSource, ReadTypes } from "./read-types.ts";
import type { ReaderContext } from "./reader-context.ts";

type Context<Schema> = Pick<ReaderContext<Schema>, "database" | "scope" | "types">;

/**
 * Reads the valid keys of a batch. An invalid key, which cannot be converted to the type of its column (`"undefined"` for
 * a `uuid`), gets the result of a key without rows.
 */
export async function readValidKeys<Schema, Value>(
  context: Context<Schema>,
  source: ReadSource & { readonly parents: Parents },
  types: ReadTypes,
  keys: readonly KeyValues[],
  missing: Value,
  run: (keys: readonly KeyValues[]) => Promise<readonly (Value | Error)[]>,
): Promise<readonly (Value | Error)[]> {
  const { kind } = context.database;
  const convertedKeys = keys.map((key) => (canBeStored(kind, key) ? converted(types, key) : undefined));
  const valid = convertedKeys.filter((key) => key !== undefined);
  const read = kind === "postgres" ? () => readOnPostgres(context, source, valid, missing, run) : () => run(valid);
  const values = valid.length === 0 ? [] : await read();
  if (valid.length === keys.length) return values;
  const found = values.values();
  return convertedKeys.map((key) => (key === undefined ? missing : (found.next().value ?? missing)));
}

/** Converts a key to the types of its columns on MySQL and MariaDB; undefined for an invalid key. */
function converted({ keys: columns }: ReadTypes, key: KeyValues): KeyValues | undefined {
  if (columns.length === 0) return key;
  const values: (string | number)[] = [];
  for (const [index, column] of columns.entries()) {
    const value = toMysqlKey(column, key[index] ?? "");
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values;
}

/**
 * PostgreSQL fails the whole batch for one invalid key. Only then the column types are queried and the invalid keys left
 * out. Keys that only the server can validate are checked by bisection.
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
  // A failed statement would abort a transaction, so there all keys are validated before the read.
  const cached = database.db.isTransaction ? await types.ofPostgres(database.db, table) : types.cachedOfPostgres(table);
  const invalid = new Set<KeyValues>();
  const unvalidated: KeyValues[] = [];
  for (const key of cached === undefined ? [] : keys) {
    const validity = validityOf(cached ?? new Map(), columns, key);
    if (validity === "invalid") invalid.add(key);
    else if (validity === "unknown") unvalidated.push(key);
  }
  if (database.db.isTransaction)
    for (const key of await invalidKeysInTransaction(database.db, source.parents, unvalidated)) invalid.add(key);
  const readRest = async () => {
    const rest = keys.filter((key) => !invalid.has(key));
    const values = (rest.length === 0 ? [] : await run(rest)).values();
    return keys.map((key) => (invalid.has(key) ? missing : (values.next().value ?? missing)));
  };
  try {
    return await readRest();
  } catch (error) {
    if (!isConversionError(error) || database.db.isTransaction) throw error;
    const before = invalid.size;
    const current = await types.ofPostgres(database.db, table);
    const unknown: KeyValues[] = [];
    for (const key of keys) {
      const validity = validityOf(current, columns, key);
      if (validity === "invalid") invalid.add(key);
      else if (validity === "unknown") unknown.push(key);
    }
    for (const key of await invalidKeysByBisection(context, source, unknown)) invalid.add(key);
    if (invalid.size === before) throw error;
    return await readRest();
  }
}

function validityOf(types: PostgresColumns, columns: readonly string[], key: KeyValues): Validity {
  let validity: Validity = "valid";
  for (const [index, column] of columns.entries()) {
    const own = postgresValidity(types.get(column), key[index] ?? "");
    if (own === "invalid") return "invalid";
    if (own === "unknown") validity = "unknown";
  }
  return validity;
}

/** Finds the invalid keys by statements that convert keys and read no table. */
async function invalidKeysByBisection<Schema>(
  context: Context<Schema>,
  source: ReadSource & { readonly parents: Parents },
  keys: readonly KeyValues[],
): Promise<readonly KeyValues[]> {
  if (keys.length === 0 || (await areConvertible(context, source, keys))) return [];
  if (keys.length === 1) return keys;
  const middle = Math.ceil(keys.length / 2);
  return [
    ...(await invalidKeysByBisection(context, source, keys.slice(0, middle))),
    ...(await invalidKeysByBisection(context, source, keys.slice(middle))),
  ];
}

async function areConvertible<Schema>(
  { database, scope }: Context<Schema>,
  { call, parents }: ReadSource & { readonly parents: Parents },
  keys: readonly KeyValues[],
): Promise<boolean> {
  const list = keyList(database.kind, { ...parents, types: [] }, keys, []);
  try {
    await read(database, scope, call, keys.length, sql<object>`select 1 from ${list.from} limit 1`);
    return true;
  } catch (error) {
    if (isConversionError(error)) return false;
    throw error;
  }
}

/** SQLSTATE class 22 is "data exception". 23514 and 23502 are violated constraints of a domain; here `cause` has the code. */
const isConversionError = (error: unknown): boolean =>
  error instanceof Error &&
  (("code" in error && /^(?:22\w{3}|23514|23502)$/.test(String(error.code))) || isConversionError(error.cause));
