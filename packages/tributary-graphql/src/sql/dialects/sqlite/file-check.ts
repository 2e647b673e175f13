import { stat } from "node:fs/promises";
import { DomainError } from "../../../core/domain-error.ts";
import { databaseError } from "../../errors/database-error.ts";
import { SqliteError } from "./errors.ts";
import { SqliteWorker } from "./sqlite-worker.ts";

/** A file of this size takes about 0.2 s to check. Of a larger one only the header and the schema are read. */
const maxBytesReadInFull = 100_000_000;

/** After a check that took 1 s, the next one starts 20 s later at the earliest, however often the file changes. */
const pausePerCheck = 20;

interface FileState {
  readonly device: number;
  readonly inode: number;
  readonly bytes: number;
  readonly modifiedMs: number;
}

/**
 * Checks the file of an open database: whether it is still the same file, and whether it is intact. A separate connection
 * reads it, because the open ones have pages cached in memory. It is read again only after a change.
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

  /** @throws SqliteError when the file is missing or corrupt */
  static async open(file: string): Promise<SqliteFileCheck> {
    const opened = await stateOf(file);
    if (opened === undefined) throw new SqliteError("the file does not exist", "SQLITE_CANTOPEN");
    const check = new SqliteFileCheck(file, opened);
    await check.#readAgain(opened);
    return check;
  }

  /** @throws DomainError `UPSTREAM_UNAVAILABLE` when the file is missing, replaced or corrupt */
  async run(): Promise<void> {
    const found = await stateOf(this.#file);
    if (found === undefined) throw unavailable("The database file does not exist any more.");
    if (found.device !== this.#opened.device || found.inode !== this.#opened.inode)
      throw unavailable("The database file was replaced while it was open: restart to read the new file.");
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
      this.#nextReadMs = endMs + (endMs - startMs) * pausePerCheck;
    });
    this.#outcome.catch(() => {
      // A temporary failure, such as a lock, is retried.
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
    const result = rows[0]?.[0];
    if (typeof result === "string" && result !== "ok")
      throw new SqliteError(`the file is corrupt: ${result.trim().split("\n").at(-1)}`, "SQLITE_CORRUPT");
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
