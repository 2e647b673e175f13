import type { DatabaseSync, StatementSync } from "node:sqlite";

/** A statement, and whether it gives integers as `bigint`: else it refuses those beyond what a number holds exactly. */
export interface CachedStatement {
  readonly statement: StatementSync;
  readsBigInts: boolean;
}

/** Prepared statements by their text; the one used longest ago goes first. */
export class StatementCache {
  readonly #database: DatabaseSync;
  readonly #limit: number;
  readonly #statements = new Map<string, CachedStatement>();

  constructor(database: DatabaseSync, limit: number) {
    this.#database = database;
    this.#limit = limit;
  }

  get(sql: string): CachedStatement {
    const known = this.#statements.get(sql);
    if (known !== undefined) {
      this.#statements.delete(sql);
      this.#statements.set(sql, known);
      return known;
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
