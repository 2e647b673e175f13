import { type Kysely, sql } from "kysely";
import type { Database } from "tributary-graphql/sql";
import type { AtlasDatabase } from "../../datasources/database.ts";

const waitSeconds = 600;

/**
 * Runs `work` while no other process runs its own on the same database, waiting up to ten minutes for it. On SQLite and
 * PostgreSQL it is one transaction, so it happens wholly or not at all; MySQL commits at every `create table`.
 */
export function exclusively<Result>(
  database: Database<AtlasDatabase>,
  work: (db: Kysely<AtlasDatabase>) => Promise<Result>,
): Promise<Result> {
  switch (database.kind) {
    case "sqlite":
      return whenNotBusy(() => database.db.transaction().execute(work));
    case "postgres":
      return database.db.transaction().execute(async (transaction) => {
        await sql`select pg_advisory_xact_lock(hashtext('atlas'))`.execute(transaction);
        return work(transaction);
      });
    case "mysql":
      return database.db.connection().execute((connection) => whileNamed(connection, () => work(connection)));
  }
}

/**
 * Tries again while another process has the database locked. Our transactions take SQLite's write lock first, so a busy
 * database means that nothing was done yet.
 */
export async function whenNotBusy<Result>(attempt: () => Promise<Result>): Promise<Result> {
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

/** The lock belongs to the whole server, so its name tells the databases apart; the server frees it with the connection. */
async function whileNamed<Result>(connection: Kysely<AtlasDatabase>, work: () => Promise<Result>): Promise<Result> {
  const name = sql`concat('atlas.', md5(database()))`;
  const { rows } = await sql<{ got: number | null }>`select get_lock(${name}, ${waitSeconds}) as got`.execute(
    connection,
  );
  if (rows[0]?.got !== 1) throw new Error("Another process has been preparing the database for ten minutes.");
  try {
    return await work();
  } finally {
    await sql`select release_lock(${name})`.execute(connection);
  }
}
