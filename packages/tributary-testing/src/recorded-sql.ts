import {
  type CompiledQuery,
  type Dialect,
  type Driver,
  Kysely,
  MysqlDialect,
  PostgresDialect,
  SqliteAdapter,
  SqliteDialect,
} from "kysely";
import type { Database } from "tributary-graphql/sql";

/** The databases for which readers write different SQL, with the names that the guides use. */
export const sqlDialects = ["PostgreSQL", "MySQL 8", "MariaDB", "SQLite"] as const;
export type SqlDialect = (typeof sqlDialects)[number];

/** Atlas' columns in the catalog of MySQL and MariaDB, which readers query once. */
const catalog = [
  ...["id", "ref_id", "population"].map((Field) => ({ Field, Type: "int(11)", Collation: null })),
  ...["country_code", "name_key", "term", "kind"].map((Field) => ({
    Field,
    Type: "varchar(100)",
    Collation: "utf8mb4_bin",
  })),
];

/** A database without rows that records the SQL of its queries, without those of its catalog. */
export interface RecordedDatabase<Schema> {
  readonly database: Database<Schema>;
  /** The statements with their parameters, in order, with whitespace collapsed. */
  readonly statements: readonly { readonly sql: string; readonly parameters: readonly unknown[] }[];
}

export function recordSql<Schema>(name: SqlDialect): RecordedDatabase<Schema> {
  const { kind, topPerParent, dialect } = dialects[name];
  const statements: { sql: string; parameters: readonly unknown[] }[] = [];
  const record = ({ sql, parameters }: CompiledQuery) => {
    statements.push({ sql: sql.replace(/\s+/g, " ").trim(), parameters });
  };
  const db = new Kysely<Schema>({ dialect: withDriver(dialect, recordingDriver(record)) });
  return {
    database: { kind, topPerParent, db, ping: async () => {}, close: async () => {} },
    statements,
  };
}

const never = (): never => {
  throw new Error("This database has no connections.");
};

const mysql = new MysqlDialect({ pool: never });

const dialects: Record<SqlDialect, Pick<Database<unknown>, "kind" | "topPerParent"> & { readonly dialect: Dialect }> = {
  PostgreSQL: { kind: "postgres", topPerParent: "lateral", dialect: new PostgresDialect({ pool: never }) },
  "MySQL 8": { kind: "mysql", topPerParent: "lateral", dialect: mysql },
  MariaDB: { kind: "mysql", topPerParent: "union", dialect: mysql },
  SQLite: { kind: "sqlite", topPerParent: "correlated", dialect: new SqliteDialect({ database: never }) },
};

const withDriver = (dialect: Dialect, driver: Driver): Dialect => ({
  createDriver: () => driver,
  createAdapter: () => (dialect instanceof SqliteDialect ? new ParallelAdapter() : dialect.createAdapter()),
  createIntrospector: (db) => dialect.createIntrospector(db),
  createQueryCompiler: () => dialect.createQueryCompiler(),
});

class ParallelAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

const recordingDriver = (record: (query: CompiledQuery) => void): Driver => ({
  init: async () => {},
  acquireConnection: async () => ({
    executeQuery: async <Row>(query: CompiledQuery) => {
      if (query.sql.startsWith("show full columns ")) return { rows: catalog as Row[] };
      record(query);
      return { rows: [] };
    },
    cancelQuery: async () => {},
    streamQuery: never,
  }),
  beginTransaction: async () => {},
  commitTransaction: async () => {},
  rollbackTransaction: async () => {},
  releaseConnection: async () => {},
  destroy: async () => {},
});
