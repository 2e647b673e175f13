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

/** The databases that get different SQL, as a guide names them. */
export const sqlFlavours = ["PostgreSQL", "MySQL 8", "MariaDB", "SQLite"] as const;
export type SqlFlavour = (typeof sqlFlavours)[number];

/** The catalog of Atlas' columns in MySQL and MariaDB, which readers read once. */
const catalogue = [
  ...["id", "ref_id", "population"].map((Field) => ({ Field, Type: "int(11)", Collation: null })),
  ...["country_code", "name_key", "term", "kind"].map((Field) => ({
    Field,
    Type: "varchar(100)",
    Collation: "utf8mb4_bin",
  })),
];

/** A database that finds nothing, and keeps the SQL that it was sent, look-ups of its catalogue left out. */
export interface RecordedDatabase<Schema> {
  readonly database: Database<Schema>;
  /** Each statement with its parameters, in order; blanks are single. */
  readonly statements: readonly { readonly sql: string; readonly parameters: readonly unknown[] }[];
}

export function recordSql<Schema>(flavour: SqlFlavour): RecordedDatabase<Schema> {
  const { kind, topPerParent, dialect } = flavours[flavour];
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
  throw new Error("Nothing is connected to here.");
};

const mysql = new MysqlDialect({ pool: never });

const flavours: Record<SqlFlavour, Pick<Database<unknown>, "kind" | "topPerParent"> & { readonly dialect: Dialect }> = {
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
      if (query.sql.startsWith("show full columns ")) return { rows: catalogue as Row[] };
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
