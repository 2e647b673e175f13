import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { type Database, openDatabase } from "tributary-graphql/sql";
import { type TestDatabaseName, testDatabases } from "tributary-testing/database-names.ts";
import { mysqlServerUrl, runOnMysql } from "tributary-testing/mysql-server.ts";
import { startPostgres } from "tributary-testing/postgres-server.ts";
import { withDatabase } from "tributary-testing/with-database.ts";
import { connectMysql, connectPostgres, connectSqlite, type RawClient } from "./raw-client.ts";
import type { BenchSchema } from "./tables.ts";

export type BenchDatabaseName = TestDatabaseName;
export const benchDatabases = testDatabases;

/** An empty database, opened by the engine and by its driver alone. */
export interface BenchDatabase {
  /** Product and version. */
  readonly title: string;
  readonly database: Database<BenchSchema>;
  readonly raw: RawClient;
  /** Closes both, and removes the database. */
  remove(): Promise<void>;
}

/**
 * SQLite in a temporary folder, PostgreSQL at `BENCH_POSTGRES_URL` or started for the benchmark, MariaDB or MySQL at
 * `BENCH_MYSQL_URL` or at the URL of the tests.
 *
 * @throws Error if the server is not available
 */
export const createBenchDatabase = (name: BenchDatabaseName): Promise<BenchDatabase> => creators[name]();

const creators: Record<BenchDatabaseName, () => Promise<BenchDatabase>> = {
  sqlite: async () => {
    const folder = await mkdtemp(join(tmpdir(), "tributary-bench-"));
    const file = join(folder, "bench.sqlite");
    const database = await openDatabase<BenchSchema>(`sqlite:${file}`, { createFile: true });
    return opened(database, connectSqlite(file), () => rm(folder, { recursive: true, force: true }));
  },
  postgres: async () => {
    const serverUrl = process.env.BENCH_POSTGRES_URL;
    const server = serverUrl === undefined ? await startPostgres() : { url: serverUrl, stop: async () => {} };
    const admin = await openDatabase<unknown>(server.url, { poolSize: 1 });
    const name = uniqueName();
    await sql`create database ${sql.ref(name)}`.execute(admin.db);
    const url = withDatabase(server.url, name);
    return opened(await openDatabase<BenchSchema>(url), connectPostgres(url), async () => {
      await sql`drop database ${sql.ref(name)}`.execute(admin.db);
      await admin.close();
      await server.stop();
    });
  },
  mariadb: async () => {
    const serverUrl = process.env.BENCH_MYSQL_URL ?? mysqlServerUrl();
    const name = uniqueName();
    await runOnMysql(serverUrl, `create database ${name}`);
    const url = withDatabase(serverUrl, name);
    return opened(await openDatabase<BenchSchema>(url), connectMysql(url), () =>
      runOnMysql(serverUrl, `drop database ${name}`),
    );
  },
};

async function opened(
  database: Database<BenchSchema>,
  raw: RawClient,
  drop: () => Promise<void>,
): Promise<BenchDatabase> {
  return {
    title: await describeVersion(database),
    database,
    raw,
    remove: async () => {
      await Promise.all([database.close(), raw.close()]);
      await drop();
    },
  };
}

async function describeVersion({ db, kind }: Database<BenchSchema>): Promise<string> {
  const version = sql.raw(
    kind === "sqlite" ? "sqlite_version()" : kind === "mysql" ? "version()" : "current_setting('server_version')",
  );
  const { rows } = await sql<{ version: string }>`select ${version} as version`.execute(db);
  const text = rows[0]?.version ?? "";
  const number = /^[\d.]+/.exec(text)?.[0] ?? text;
  const product = /mariadb/i.test(text)
    ? "MariaDB"
    : { sqlite: "SQLite", postgres: "PostgreSQL", mysql: "MySQL" }[kind];
  return `${product} ${number}`;
}

const uniqueName = (): string => `tributary_bench_${randomUUID().replaceAll("-", "").slice(0, 16)}`;
