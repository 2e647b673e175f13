import { createHash } from "node:crypto";
import { type CompiledQuery, createQueryId, type Kysely } from "kysely";
import { LRUCache } from "lru-cache";
import type { KeyValues } from "./keys.ts";
import type { SqlOrder } from "./order.ts";

/**
 * A placeholder for the parameter with the keys of a batch. It allows to compile a statement once and send it with the
 * keys of every batch.
 */
export class KeyParameter {
  readonly #keys: readonly KeyValues[];
  readonly #encode: (keys: readonly KeyValues[]) => unknown;

  constructor(keys: readonly KeyValues[], encode: (keys: readonly KeyValues[]) => unknown) {
    this.#keys = keys;
    this.#encode = encode;
  }

  /** The parameter's value for these keys. Default: the keys of the first batch. */
  valueFor(keys: readonly KeyValues[] = this.#keys): unknown {
    return this.#encode(keys);
  }
}

/** The cache key of a compiled statement: all inputs except the values of the keys. */
export interface StatementShape {
  /** The kind of reader. */
  readonly reader: string;
  readonly table: string;
  readonly key: readonly string[];
  /** The unique columns of the table, if the reader needs them. */
  readonly id?: readonly string[];
  readonly columns: readonly string[] | undefined;
  readonly order: SqlOrder | undefined;
  readonly limit: number | undefined;
}

/** Larger than the number of statements of a typical app. */
const maxStatements = 500;

const statementsOf = new WeakMap<object, LRUCache<string, CompiledQuery<unknown>>>();

/**
 * Returns the statement for these keys from an LRU cache of compiled statements. Building and compiling a statement takes
 * several times longer than sending it.
 */
export function compiledStatement<Schema, Row>(
  db: Kysely<Schema>,
  shape: StatementShape,
  keys: readonly KeyValues[],
  compile: () => CompiledQuery<Row>,
): CompiledQuery<Row> {
  // The plugins of a transaction must see the compilation of each query.
  if (db.isTransaction) return bindKeys(compile());
  let statements = statementsOf.get(db);
  if (statements === undefined) {
    statements = new LRUCache({ max: maxStatements });
    statementsOf.set(db, statements);
  }
  const cacheKey = JSON.stringify(shape);
  let statement = statements.get(cacheKey) as CompiledQuery<Row> | undefined;
  if (statement === undefined) {
    statement = compile();
    statements.set(cacheKey, statement);
    nameStatement(statement.sql);
  }
  // A new id, by which Kysely checks that a connection still runs the query to cancel.
  return { ...bindKeys(statement, keys), queryId: createQueryId() };
}

/** Replaces the placeholders for keys by their values. */
export const bindKeys = <Row>(statement: CompiledQuery<Row>, keys?: readonly KeyValues[]): CompiledQuery<Row> => ({
  ...statement,
  parameters: statement.parameters.map((value) => (value instanceof KeyParameter ? value.valueFor(keys) : value)),
});

const names = new Map<string, string>();

/**
 * Names a prepared statement by a hash of its text, for at most `maxStatements` texts. The same name means the same text
 * in every process and after every restart, because a pooler may share a server connection between processes. The types of
 * the parameters are not part of the hash: the server infers them from the text.
 */
function nameStatement(text: string): void {
  if (names.has(text) || names.size >= maxStatements) return;
  names.set(text, `tributary_${createHash("sha256").update(text).digest("hex").slice(0, 40)}`);
}

/** The name of the prepared statement with this text; undefined for a text that is not repeated. */
export const statementName = (text: string): string | undefined => names.get(text);
