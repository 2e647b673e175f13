import {
  type DatabaseIntrospector,
  type Dialect,
  type DialectAdapter,
  type Driver,
  type Kysely,
  type QueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";
import { SqliteDriver, type SqliteOptions } from "./driver.ts";

/** Kysely on `node:sqlite` in worker threads: a slow query blocks neither the event loop nor the other readers. */
export class SqliteWorkerDialect implements Dialect {
  readonly #options: SqliteOptions;

  constructor(options: SqliteOptions) {
    this.#options = options;
  }

  createDriver(): Driver {
    return new SqliteDriver(this.#options);
  }

  createQueryCompiler(): QueryCompiler {
    return new SqliteQueryCompiler();
  }

  createAdapter(): DialectAdapter {
    return new PooledSqliteAdapter();
  }

  createIntrospector(db: Kysely<unknown>): DatabaseIntrospector {
    return new SqliteIntrospector(db);
  }
}

class PooledSqliteAdapter extends SqliteAdapter {
  /** Otherwise Kysely runs one query at a time. */
  override get supportsMultipleConnections(): boolean {
    return true;
  }

  /** Kysely's default is false, although SQLite supports it. True runs all migrations in one transaction, as the seed needs. */
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}
