import type { Kysely } from "kysely";

export type DatabaseKind = "sqlite" | "postgres" | "mysql";

/** How the database is asked for the first rows of each of many parents in one query. */
export type TopPerParent = "lateral" | "correlated" | "union";

/** An open database. */
export interface Database<Schema> {
  readonly kind: DatabaseKind;
  /** PostgreSQL and MySQL 8 join laterally, SQLite takes a correlated `in (select … limit n)`, MariaDB only a union. */
  readonly topPerParent: TopPerParent;
  readonly db: Kysely<Schema>;
  /**
   * Resolves when the database answers, without a signal within five seconds. An SQLite file has to be the one that was
   * opened, and in order: its pages are read when it has changed since, up to 100 MB of them.
   *
   * @throws DomainError `UPSTREAM_UNAVAILABLE` when it cannot be reached or used
   */
  ping(signal?: AbortSignal): Promise<void>;
  /** Ends every connection and thread. Queries that run are finished first. */
  close(): Promise<void>;
}
