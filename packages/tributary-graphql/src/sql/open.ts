import { access, mkdir } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { dirname } from "node:path";
import { type Dialect, Kysely, sql } from "kysely";
import type { Database, DatabaseKind, TopPerParent } from "./database.ts";
import { cancelOnAbort } from "./dialects/cancellation.ts";
import { loadServerDialect } from "./dialects/server/load-dialect.ts";
import { databaseError } from "./errors/database-error.ts";
import { type DatabaseAddress, parseDatabaseUrl, withoutPassword } from "./url.ts";

export interface OpenOptions {
  /** Maximum number of connections to PostgreSQL or MySQL; default 10. The URL's `pool_size` takes precedence. */
  readonly poolSize?: number;
  /** How many queries may wait for a connection; default 5,000. More fail with `OVERLOADED`. */
  readonly maxWaiting?: number;
  /** Reader threads of an SQLite file; default one per core, at least 2 and at most 4. */
  readonly readers?: number;
  /** Timeout of connecting to a server, in milliseconds; default 5,000. The URL's `connect_timeout` takes precedence. */
  readonly connectTimeoutMs?: number;
  /**
   * How long the server may take to stop a statement after its request has ended, in milliseconds; default 2,000. Then
   * the connection is closed.
   */
  readonly stopTimeoutMs?: number;
  /** Timeout of a statement without a signal on a server, in milliseconds; default 300,000. */
  readonly statementTimeoutMs?: number;
  /** How long a write to SQLite waits for a lock of another process, in milliseconds; default 5,000. */
  readonly busyTimeoutMs?: number;
  /** Creates a missing SQLite file and its folder; default false, so that a typo in the path is an error. */
  readonly createFile?: boolean;
}

const pingTimeoutMs = 5_000;

/**
 * Opens the database at a URL and runs a first query. The path of an SQLite file is relative to the working directory.
 *
 * @throws Error with a message of one line, when the URL is invalid or the database cannot be reached
 * @example const database = await openDatabase<AtlasDatabase>("sqlite:.data/atlas.sqlite");
 */
export async function openDatabase<Schema>(url: string, options: OpenOptions = {}): Promise<Database<Schema>> {
  const address = parseDatabaseUrl(url);
  let db: Kysely<Schema> | undefined;
  try {
    db = new Kysely<Schema>({ dialect: await loadDialect(address, options) });
    const topPerParent = await findTopPerParent(address.kind, db);
    const checkFile = address.kind === "sqlite" ? await loadFileCheck(address.file) : undefined;
    return createDatabase(address.kind, topPerParent, db, checkFile);
  } catch (error) {
    await db?.destroy().catch(() => {});
    throw new Error(`Cannot open the database ${withoutPassword(url)}: ${oneLine(error)}${hintFor(error)}`, {
      cause: error,
    });
  }
}

async function loadDialect(address: DatabaseAddress, options: OpenOptions): Promise<Dialect> {
  const { poolSize = 10, maxWaiting = 5_000, connectTimeoutMs = 5_000, stopTimeoutMs = 2_000 } = options;
  const { statementTimeoutMs = 300_000 } = options;
  switch (address.kind) {
    case "sqlite": {
      const readers = options.readers ?? Math.min(4, Math.max(2, availableParallelism()));
      const { busyTimeoutMs = 5_000 } = options;
      const { SqliteWorkerDialect } = await import("./dialects/sqlite/dialect.ts");
      if (options.createFile) await mkdir(dirname(address.file), { recursive: true });
      else await assertFile(address.file);
      return new SqliteWorkerDialect({
        file: address.file,
        readers,
        busyTimeoutMs,
        maxWaiting,
        statementCacheSize: 200,
      });
    }
    case "postgres":
    case "mysql":
      return loadServerDialect(address.kind, address.server, {
        ...{ poolSize, maxWaiting, connectTimeoutMs },
        ...{ stopTimeoutMs, statementTimeoutMs },
      });
    default:
      return address satisfies never;
  }
}

async function loadFileCheck(file: string): Promise<() => Promise<void>> {
  const { SqliteFileCheck } = await import("./dialects/sqlite/file-check.ts");
  const check = await SqliteFileCheck.open(file);
  return () => check.run();
}

/** SQLite itself would silently create an empty file. */
async function assertFile(file: string): Promise<void> {
  await access(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT" && error.code !== "ENOTDIR") throw error;
    throw Object.assign(new Error("the file does not exist", { cause: error }), { code: "ENOENT" });
  });
}

/** Runs the first query, which fails if the database cannot be reached. */
async function findTopPerParent<Schema>(kind: DatabaseKind, db: Kysely<Schema>): Promise<TopPerParent> {
  if (kind !== "mysql") {
    await sql`select 1`.execute(db);
    return kind === "sqlite" ? "correlated" : "lateral";
  }
  const { rows } = await sql<{ version: string }>`select version() as version`.execute(db);
  return canJoinLaterally(rows[0]?.version ?? "") ? "lateral" : "union";
}

/** MySQL has lateral joins since 8.0.14. MariaDB, which is named in its version, has none. */
function canJoinLaterally(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split(/[.-]/).map(Number);
  if (/mariadb/i.test(version)) return false;
  return major > 8 || (major === 8 && (minor > 0 || patch >= 14));
}

function createDatabase<Schema>(
  kind: DatabaseKind,
  topPerParent: TopPerParent,
  db: Kysely<Schema>,
  checkFile: (() => Promise<void>) | undefined,
): Database<Schema> {
  return {
    kind,
    topPerParent,
    db,
    ping: async (signal = AbortSignal.timeout(pingTimeoutMs)) => {
      await sql`select 1`.execute(db, cancelOnAbort(signal)).catch((error) => {
        throw databaseError(error);
      });
      await checkFile?.();
    },
    close: () => db.destroy(),
  };
}

/** A hint for certificate errors: which parameter of the URL to set. */
function hintFor(error: unknown): string {
  const text = error instanceof Error ? error.message : "";
  if (/self-signed certificate|unable to (?:verify|get)/.test(text))
    return ": set its CA in the URL (sslrootcert, ssl-ca), or encrypt without verification (sslmode=no-verify)";
  return /does not match certificate's altnames/.test(text) ? ": sslmode=verify-ca does not verify the host name" : "";
}

/** Node's error for a failed connection to several addresses has an empty message, only a code. */
function oneLine(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const text = error.message || ("code" in error ? String(error.code) : error.name);
  return text.split("\n", 1)[0] ?? "";
}
