import type {
  KyselyPlugin,
  PluginTransformQueryArgs,
  PluginTransformResultArgs,
  QueryId,
  QueryResult,
  RootOperationNode,
  UnknownRow,
} from "kysely";
import type { TablesRead } from "../readers/loaders.ts";
import { type QueryTables, tablesOf } from "../statements/query-tables.ts";

/**
 * Tracks which tables the queries of a transaction change. It does not see changes by triggers or `on delete cascade`:
 * `Reads.clear` is for those.
 */
export class ChangeTracker implements KyselyPlugin {
  readonly #queries = new WeakMap<QueryId, QueryTables>();
  readonly #listeners: ((tables: TablesRead) => void)[] = [];
  #tables: TablesRead = new Set();
  #rows = 0;

  /** The tables changed so far; undefined if raw SQL may have changed others. */
  get tables(): TablesRead {
    return this.#tables;
  }

  /** The number of inserted, updated or deleted rows that the database has reported. */
  get rows(): number {
    return this.#rows;
  }

  /** Calls the listener after each statement that writes. */
  onWrite(listener: (tables: TablesRead) => void): void {
    this.#listeners.push(listener);
  }

  transformQuery({ node, queryId }: PluginTransformQueryArgs): RootOperationNode {
    this.#queries.set(queryId, tablesOf(node));
    return node;
  }

  /** Notifies after the statement, because a concurrent read may still see the state before it. */
  async transformResult({ queryId, result }: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> {
    // A query compiled outside of the transaction is unknown here.
    const { isWrite, named } = this.#queries.get(queryId) ?? { isWrite: true, named: undefined };
    if (isWrite) this.#record(named, Number(result.numAffectedRows ?? result.rows.length));
    return result;
  }

  #record(tables: TablesRead, rows: number): void {
    this.#tables = tables && this.#tables?.union(tables);
    this.#rows += rows;
    for (const listener of this.#listeners) listener(tables);
  }
}
