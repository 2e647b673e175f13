import { statementName } from "../../statements/compiled-statements.ts";

/** Errors when the server does not have a prepared statement, or has one of another client with the same name. */
const lost: ReadonlySet<unknown> = new Set(["26000", "42P05"]);

/** Errors when a table has changed: it has other columns, or a key column of a type that has no operator for the keys. */
const changed: ReadonlySet<unknown> = new Set(["0A000", "42804", "42883", "42846"]);

/** A key does not fit the type that the column had when the statement was prepared: class 22, "data exception". */
const isData = (code: unknown): boolean => typeof code === "string" && /^22\w{3}$/.test(code);

/**
 * Which statements of a connection pool are prepared: the repeated statements of readers, so that the server parses each
 * once per connection. Not in a transaction, where a failed statement aborts the transaction.
 *
 * Behind a pooler that moves a client between server connections, a name may be unknown or already taken. Then the
 * statement is sent unprepared, and preparing is disabled for the whole pool.
 */
export class PreparedStatements {
  #isEnabled: boolean;

  constructor({ isEnabled }: { readonly isEnabled: boolean }) {
    this.#isEnabled = isEnabled;
  }

  /** The name of the prepared statement with this text; undefined for a statement that is sent unprepared. */
  nameOf(text: string): string | undefined {
    return this.#isEnabled ? statementName(text) : undefined;
  }

  /**
   * Why a prepared statement failed; undefined when it would fail unprepared, too. `lost` concerns every connection of
   * the pool; `changed` the one that prepared it, if the unprepared statement succeeds.
   */
  failureReason(error: unknown): "lost" | "changed" | undefined {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (changed.has(code) || isData(code)) return "changed";
    if (!lost.has(code)) return undefined;
    this.#isEnabled = false;
    return "lost";
  }
}
