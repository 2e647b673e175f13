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
 * Sees what the queries of a transaction change. Only what the queries say: what a trigger or `on delete cascade` changes
 * beside it is for `clear`.
 */
export class Changes implements KyselyPlugin {
  readonly #queries = new WeakMap<QueryId, QueryTables>();
  readonly #listeners: ((tables: TablesRead) => void)[] = [];
  #tables: TablesRead = new Set();
  #rows = 0;

  /** The tables that were written to so far; undefined when raw SQL hides which. */
  get tables(): TablesRead {
    return this.#tables;
  }

  /** How many rows were inserted, updated or deleted, as far as the database says. */
  get rows(): number {
    return this.#rows;
  }

  /** Calls back after each statement that writes. */
  onWrite(listener: (tables: TablesRead) => void): void {
    this.#listeners.push(listener);
  }

  transformQuery({ node, queryId }: PluginTransformQueryArgs): RootOperationNode {
    this.#queries.set(queryId, tablesOf(node));
    return node;
  }

  /** After the statement: what is read while it runs may be from before it. */
  async transformResult({ queryId, result }: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> {
    // A query that was compiled elsewhere has not been seen.
    const { isWrite, named } = this.#queries.get(queryId) ?? { isWrite: true, named: undefined };
    if (isWrite) this.#note(named, Number(result.numAffectedRows ?? result.rows.length));
    return result;
  }

  #note(tables: TablesRead, rows: number): void {
    this.#tables = tables && this.#tables?.union(tables);
    this.#rows += rows;
    for (const listener of this.#listeners) listener(tables);
  }
}
