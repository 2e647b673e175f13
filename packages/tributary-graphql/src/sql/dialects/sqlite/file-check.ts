import { stat } from "node:fs/promises";
import { DomainError } from "../../../core/domain-error.ts";
import { databaseError } from "../../errors/database-error.ts";
import { SqliteError } from "./errors.ts";
import { SqliteWorker } from "./sqlite-worker.ts";

/** Of a larger file only the header and the list of tables are read: reading all of this one takes about 0.2 s. */
const maxBytesReadInFull = 100_000_000;

/** Of so many parts of the time at most one is spent on reading the file, however often it changes. */
const shareOfTime = 20;

interface FileState {
  readonly device: number;
  readonly inode: number;
  readonly bytes: number;
  readonly modifiedMs: number;
}

/**
 * Looks at the file of an open database: whether it is still the one that was opened, and whether SQLite finds it in
 * order. It is read by a connection of its own, because an open one has pages of it in memory; and again only when it has
 * changed.
 */
export class SqliteFileCheck {
  readonly #file: string;
  readonly #opened: FileState;
  #read: FileState | undefined;
  #nextReadMs = 0;
  #outcome: Promise<void> = Promise.resolve();

  private constructor(file: string, opened: FileState) {
    this.#file = file;
    this.#opened = opened;
  }

  /** @throws SqliteError when the file is not in order */
  static async open(file: string): Promise<SqliteFileCheck> {
    const opened = await stateOf(file);
    if (opened === undefined) throw new SqliteError("the file does not exist", "SQLITE_CANTOPEN");
    const check = new SqliteFileCheck(file, opened);
    await check.#readAgain(opened);
    return check;
  }

  /** @throws DomainError `UPSTREAM_UNAVAILABLE` when the file is gone, another one, or not in order */
  async run(): Promise<void> {
    const found = await stateOf(this.#file);
    if (found === undefined) throw unavailable("The database's file is gone.");
    if (found.device !== this.#opened.device || found.inode !== this.#opened.inode)
      throw unavailable("The database's file was replaced while it was open: it is read after a restart.");
    const isRead = found.bytes === this.#read?.bytes && found.modifiedMs === this.#read.modifiedMs;
    await (isRead || performance.now() < this.#nextReadMs ? this.#outcome : this.#readAgain(found)).catch((error) => {
      throw databaseError(error);
    });
  }

  #readAgain(found: FileState): Promise<void> {
    const startMs = performance.now();
    this.#read = found;
    this.#nextReadMs = Number.POSITIVE_INFINITY;
    this.#outcome = readFile(this.#file, found.bytes).finally(() => {
      const endMs = performance.now();
      this.#nextReadMs = endMs + (endMs - startMs) * shareOfTime;
    });
    this.#outcome.catch(() => {
      // A temporary failure, a lock for instance, is retried.
      this.#read = undefined;
    });
    return this.#outcome;
  }
}

async function readFile(file: string, bytes: number): Promise<void> {
  const worker = new SqliteWorker({ file, readOnly: true, busyTimeoutMs: 1_000, statementCacheSize: 1 });
  const statement = bytes <= maxBytesReadInFull ? "pragma quick_check(1)" : "select count(*) from sqlite_schema";
  try {
    const { rows } = await worker.run(statement, []);
    const said = rows[0]?.[0];
    if (typeof said === "string" && said !== "ok")
      throw new SqliteError(`the file is corrupt: ${said.trim().split("\n").at(-1)}`, "SQLITE_CORRUPT");
  } finally {
    await worker.close();
  }
}

async function stateOf(file: string): Promise<FileState | undefined> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw databaseError(error);
  });
  return found && { device: found.dev, inode: found.ino, bytes: found.size, modifiedMs: found.mtimeMs };
}

const unavailable = (message: string): DomainError =>
  new DomainError("UPSTREAM_UNAVAILABLE", message, { source: "database" });
