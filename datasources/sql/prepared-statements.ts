import type { PoolClient } from "pg";
import { statementName } from "./statements.ts";

/** What a server answers that has forgotten a prepared statement, has it already, or has seen its table change since. */
const lost: ReadonlySet<unknown> = new Set(["26000", "42P05", "0A000"]);

type Query = (text: unknown, values?: unknown, ...others: unknown[]) => unknown;

/**
 * Has the statements that readers send again and again prepared, so that the server parses and plans each once a
 * connection. Not in a transaction, where a statement that is refused takes the others with it. Where the server has lost
 * one (a pooler in between gave the connection to another server, or a migration changed a table), it is sent as it is,
 * and nothing is prepared on that connection any more.
 */
export function prepareStatements(client: PoolClient): void {
  const query: Query = client.query.bind(client);
  let isInTransaction = false;
  let prepares = true;
  const ask: Query = (text, values, ...others) => {
    if (typeof text !== "string") return query(text, values, ...others);
    if (/^\s*(begin|start transaction)\b/i.test(text)) isInTransaction = true;
    else if (/^\s*(commit|rollback)\s*$/i.test(text)) isInTransaction = false;
    const name = prepares && !isInTransaction && others.length === 0 ? statementName(text) : undefined;
    if (name === undefined) return query(text, values, ...others);
    return (query({ name, text, values }) as Promise<unknown>).catch((error: unknown) => {
      if (!(error instanceof Error && "code" in error && lost.has(error.code))) throw error;
      prepares = false;
      return query(text, values);
    });
  };
  client.query = ask as typeof client.query;
}
