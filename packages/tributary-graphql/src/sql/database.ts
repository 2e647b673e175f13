import type { Kysely } from "kysely";

export type DatabaseKind = "sqlite" | "postgres" | "mysql";

/** How one query reads the first rows of each of many parents: lateral join, correlated subquery, or union. */
export type TopPerParent = "lateral" | "correlated" | "union";

/** An open database. */
export interface Database<Schema> {
  readonly kind: DatabaseKind;
  /** PostgreSQL and MySQL 8: lateral join. SQLite: correlated `in (select … limit n)`. MariaDB: union. */
  readonly topPerParent: TopPerParent;
  readonly db: Kysely<Schema>;
  /**
   * Resolves when the database responds. For SQLite it also checks that the file is still the opened one and intact: after
   * a change, a file of up to 100 MB is read in full.
   *
   * @param signal default: a timeout of five seconds
   * @throws DomainError `UPSTREAM_UNAVAILABLE` when the database cannot be reached or used
   */
  ping(signal?: AbortSignal): Promise<void>;
  /** Closes every connection and thread after its running query. */
  close(): Promise<void>;
}
