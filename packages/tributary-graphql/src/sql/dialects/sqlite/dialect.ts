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

/** Kysely on `node:sqlite` in worker threads: a slow query holds up neither the event loop nor the other readers. */
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
  /** Kysely would otherwise run one query at a time. */
  override get supportsMultipleConnections(): boolean {
    return true;
  }

  /** SQLite can; Kysely says no because it would have every migration in one transaction, which is what the seed wants. */
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}
