import { createHash } from "node:crypto";
import { type CompiledQuery, createQueryId, type Kysely } from "kysely";
import { LRUCache } from "lru-cache";
import type { KeyValues } from "./keys.ts";
import type { SqlOrder } from "./order.ts";

/**
 * The keys of a batch as the one parameter that they are sent in. It stands in a statement in place of its value, so that
 * the statement can be compiled once and sent with the keys of every batch.
 */
export class KeyParameter {
  readonly #keys: readonly KeyValues[];
  readonly #encode: (keys: readonly KeyValues[]) => unknown;

  constructor(keys: readonly KeyValues[], encode: (keys: readonly KeyValues[]) => unknown) {
    this.#keys = keys;
    this.#encode = encode;
  }

  /** The parameter for these keys. Default: the keys that the statement was made with. */
  valueFor(keys: readonly KeyValues[] = this.#keys): unknown {
    return this.#encode(keys);
  }
}

/** The inputs of a reader's statement besides the values of its keys. */
export interface StatementShape {
  /** Tells one kind of reader from another. */
  readonly reader: string;
  readonly table: string;
  readonly key: readonly string[];
  /** The unique columns of the table, for the readers that need them. */
  readonly id?: readonly string[];
  readonly columns: readonly string[] | undefined;
  readonly order: SqlOrder | undefined;
  readonly limit: number | undefined;
}

/** More of them a team does not have; whoever makes more has them compiled each time. */
const maxStatements = 500;

const compiled = new WeakMap<object, LRUCache<string, CompiledQuery<unknown>>>();

/**
 * The statement for these keys, compiled when the first batch of its shape is read: putting one together and compiling it
 * costs several times what the driver takes to send it.
 */
export function keyedStatement<Schema, Row>(
  db: Kysely<Schema>,
  shape: StatementShape,
  keys: readonly KeyValues[],
  compile: () => CompiledQuery<Row>,
): CompiledQuery<Row> {
  // A transaction's plugins have to see each query being compiled.
  if (db.isTransaction) return withKeys(compile());
  let known = compiled.get(db);
  if (known === undefined) {
    known = new LRUCache({ max: maxStatements });
    compiled.set(db, known);
  }
  const name = JSON.stringify(shape);
  let statement = known.get(name) as CompiledQuery<Row> | undefined;
  if (statement === undefined) {
    statement = compile();
    known.set(name, statement);
    nameStatement(statement.sql);
  }
  // An id of its own: by it Kysely tells whether what a connection runs is still what is to be cancelled.
  return { ...withKeys(statement, keys), queryId: createQueryId() };
}

/** The statement with what its parameters stand for. */
export const withKeys = <Row>(statement: CompiledQuery<Row>, keys?: readonly KeyValues[]): CompiledQuery<Row> => ({
  ...statement,
  parameters: statement.parameters.map((value) => (value instanceof KeyParameter ? value.valueFor(keys) : value)),
});

const names = new Map<string, string>();

/**
 * A name for a text that is sent again and again. There are never more than `maxStatements`. The same name always means
 * the same text, in every process and after every restart: a pooler may give a connection on which another process has
 * prepared statements. The types of the parameters are no part of it, because the server infers them from the text.
 */
function nameStatement(text: string): void {
  if (names.has(text) || names.size >= maxStatements) return;
  names.set(text, `tributary_${createHash("sha256").update(text).digest("hex").slice(0, 40)}`);
}

/** The name under which a server may keep the statement with this text prepared; undefined for one that is sent once. */
export const statementName = (text: string): string | undefined => names.get(text);
