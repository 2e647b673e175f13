import { type Kysely, sql } from "kysely";
import type { Database } from "tributary-graphql/sql";
import type { AtlasDatabase } from "../../datasources/database.ts";

const waitSeconds = 600;

/**
 * Runs `work` under a lock of the database, and waits up to ten minutes for the lock. On SQLite and PostgreSQL the work
 * is one transaction; MySQL commits at each `create table`.
 */
export function exclusively<Result>(
  database: Database<AtlasDatabase>,
  work: (db: Kysely<AtlasDatabase>) => Promise<Result>,
): Promise<Result> {
  switch (database.kind) {
    case "sqlite":
      return retryWhileBusy(() => database.db.transaction().execute(work));
    case "postgres":
      return database.db.transaction().execute(async (transaction) => {
        await sql`select pg_advisory_xact_lock(hashtext('atlas'))`.execute(transaction);
        return work(transaction);
      });
    case "mysql":
      return database.db.connection().execute((connection) => withNamedLock(connection, () => work(connection)));
  }
}

/**
 * Retries while another process has the database locked. Transactions of this project take SQLite's write lock first,
 * so SQLITE_BUSY means that nothing was written.
 */
export async function retryWhileBusy<Result>(attempt: () => Promise<Result>): Promise<Result> {
  const giveUpAt = performance.now() + waitSeconds * 1_000;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      const isBusy = error instanceof Error && "code" in error && error.code === "SQLITE_BUSY";
      if (!isBusy || performance.now() > giveUpAt) throw error;
    }
  }
}

/** The lock is global to the server, so its name contains the database. It is released with the connection. */
async function withNamedLock<Result>(connection: Kysely<AtlasDatabase>, work: () => Promise<Result>): Promise<Result> {
  const name = sql`concat('atlas.', md5(database()))`;
  const { rows } = await sql<{ acquired: number | null }>`select get_lock(${name}, ${waitSeconds}) as acquired`.execute(
    connection,
  );
  if (rows[0]?.acquired !== 1) throw new Error("Another process has had the lock of the database for ten minutes.");
  try {
    return await work();
  } finally {
    await sql`select release_lock(${name})`.execute(connection);
  }
}
