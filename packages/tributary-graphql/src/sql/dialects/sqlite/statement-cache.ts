import type { DatabaseSync, StatementSync } from "node:sqlite";

/** A prepared statement. Without `readsBigInts` it throws for integers beyond 2^53 - 1; with it all integers are `bigint`. */
export interface CachedStatement {
  readonly statement: StatementSync;
  readsBigInts: boolean;
}

/** An LRU cache of prepared statements by their text. */
export class StatementCache {
  readonly #database: DatabaseSync;
  readonly #limit: number;
  readonly #statements = new Map<string, CachedStatement>();

  constructor(database: DatabaseSync, limit: number) {
    this.#database = database;
    this.#limit = limit;
  }

  get(sql: string): CachedStatement {
    const existing = this.#statements.get(sql);
    if (existing !== undefined) {
      this.#statements.delete(sql);
      this.#statements.set(sql, existing);
      return existing;
    }
    const statement = this.#database.prepare(sql);
    statement.setReturnArrays(true);
    const cached = { statement, readsBigInts: false };
    this.#statements.set(sql, cached);
    const oldest = this.#statements.keys().next();
    if (this.#statements.size > this.#limit && !oldest.done) this.#statements.delete(oldest.value);
    return cached;
  }
}
