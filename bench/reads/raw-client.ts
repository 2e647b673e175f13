import { DatabaseSync, type StatementSync } from "node:sqlite";
import { createPool, type RowDataPacket } from "mysql2/promise";
import pg from "pg";
import type { EntryTable } from "./tables.ts";

/** A driver without Kysely, workers and readers. */
export interface RawClient {
  query(sql: string, parameters: readonly unknown[]): Promise<EntryTable[]>;
  close(): Promise<void>;
}

/** The pool size of the readers. */
const poolSize = 10;

export function connectPostgres(url: string): RawClient {
  const pool = new pg.Pool({ connectionString: url, max: poolSize });
  pool.on("error", () => {});
  return {
    query: async (sql, parameters) => (await pool.query<EntryTable>(sql, [...parameters])).rows,
    close: () => pool.end(),
  };
}

export function connectMysql(url: string): RawClient {
  const pool = createPool({ uri: url, connectionLimit: poolSize });
  return {
    query: async (sql, parameters) => (await pool.query<(EntryTable & RowDataPacket)[]>(sql, [...parameters]))[0],
    close: () => pool.end(),
  };
}

/**
 * In the calling thread, with cached prepared statements: the fastest access to SQLite in JavaScript. It blocks the event
 * loop, which a benchmark of single requests does not show; the readers use a worker thread instead.
 */
export function connectSqlite(file: string): RawClient {
  const database = new DatabaseSync(file, { readOnly: true });
  const statements = new Map<string, StatementSync>();
  return {
    query: async (sql, parameters) => {
      const statement = statements.get(sql) ?? database.prepare(sql);
      statements.set(sql, statement);
      return statement.all(...(parameters as (string | number)[])) as object[] as EntryTable[];
    },
    close: async () => database.close(),
  };
}
