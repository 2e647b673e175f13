import { statementName } from "../../statements/keyed-statement.ts";

/** The errors of a server that has lost a prepared statement, or has one of another client by that name. */
const lost: ReadonlySet<unknown> = new Set(["26000", "42P05"]);

/**
 * The errors when the table of a prepared statement has changed: other columns, or keys that have no operator with a
 * column of another type any more.
 */
const changed: ReadonlySet<unknown> = new Set(["0A000", "42804", "42883", "42846"]);

/** A key that is no value of the type that the column had when the statement was prepared: class 22, "data exception". */
const isData = (code: unknown): boolean => typeof code === "string" && /^22\w{3}$/.test(code);

/**
 * Which statements a pool's connections have prepared: those that readers send again and again, so that the server parses
 * and plans each once per connection. Not in a transaction, where a statement that is refused takes the others with it.
 *
 * Behind a pooler that hands a connection from server to server, a name is unknown here or taken there. The statement is
 * then sent as it is, and nothing is prepared any more.
 */
export class PreparedStatements {
  #isEnabled: boolean;

  constructor({ isEnabled }: { readonly isEnabled: boolean }) {
    this.#isEnabled = isEnabled;
  }

  /** The name to prepare the statement with this text under; undefined where it is sent as it is. */
  nameOf(text: string): string | undefined {
    return this.#isEnabled ? statementName(text) : undefined;
  }

  /**
   * The reason why a prepared statement was refused; undefined when the statement would fail unprepared too.
   * `lost` holds for every connection; `changed`, where the statement as it is succeeds, for the one that prepared it.
   */
  refused(error: unknown): "lost" | "changed" | undefined {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (changed.has(code) || isData(code)) return "changed";
    if (!lost.has(code)) return undefined;
    this.#isEnabled = false;
    return "lost";
  }
}
