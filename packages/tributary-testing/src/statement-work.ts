/** The work of the database for a query, as far as the database reports it. */
import { type CompiledQuery, sql } from "kysely";
import type { Database } from "tributary-graphql/sql";

export interface Work {
  /** Index entries and rows that were read, including those that a condition discarded. Unknown on SQLite. */
  readonly entriesRead?: number;
  /** Rows of the largest sort. Unknown on MariaDB, where sorted rows count as entries read. */
  readonly rowsSorted?: number;
  /** Steps of the plan that readers must avoid: a full table scan, a sort of all rows of a parent. */
  readonly faults: readonly string[];
  /** The plan in the database's own format, for a message. */
  readonly plan: string;
}

/** Runs the query; on SQLite only explains it. */
export const workOf = <Schema>(database: Database<Schema>, query: CompiledQuery): Promise<Work> =>
  works[database.kind](database, query);

const works: Record<
  Database<unknown>["kind"],
  <Schema>(database: Database<Schema>, query: CompiledQuery) => Promise<Work>
> = {
  postgres: workOnPostgres,
  mysql: workOnMysql,
  sqlite: workOnSqlite,
};

interface PostgresPlan {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Actual Rows": number;
  readonly "Actual Loops": number;
  readonly "Rows Removed by Filter"?: number;
  readonly "Rows Removed by Join Filter"?: number;
  readonly Plans?: readonly PostgresPlan[];
}

async function workOnPostgres<Schema>({ db }: Database<Schema>, query: CompiledQuery): Promise<Work> {
  const explained = { ...query, sql: `explain (analyze, buffers off, format json) ${query.sql}` };
  const { rows } = await db.executeQuery<{ "QUERY PLAN": readonly [{ readonly Plan: PostgresPlan }] }>(explained);
  const nodes = rows.flatMap((row) => row["QUERY PLAN"]).flatMap(({ Plan }) => nodesOf(Plan));
  const scans = nodes.filter((node) => node["Relation Name"] !== undefined);
  const sorts = nodes.filter((node) => /Sort$/.test(node["Node Type"]));
  return {
    entriesRead: scans.reduce((sum, node) => sum + readBy(node), 0),
    rowsSorted: Math.max(0, ...sorts.flatMap(({ Plans = [] }) => Plans.map(givenBy))),
    faults: scans
      .filter((node) => node["Node Type"] === "Seq Scan")
      .map((node) => `Seq Scan on ${node["Relation Name"]}`),
    plan: JSON.stringify(rows, null, 1),
  };
}

const nodesOf = (plan: PostgresPlan): PostgresPlan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
/** PostgreSQL reports the mean number of rows per loop. */
const givenBy = (node: PostgresPlan): number => Math.ceil(node["Actual Rows"] * node["Actual Loops"]);
const readBy = (node: PostgresPlan): number =>
  givenBy(node) + Math.ceil((node["Rows Removed by Filter"] ?? 0) * node["Actual Loops"]);

/** The counters of the session include temporary tables. */
async function workOnMysql<Schema>({ db }: Database<Schema>, query: CompiledQuery): Promise<Work> {
  return db.connection().execute(async (connection) => {
    const explained = await connection.executeQuery<object>({ ...query, sql: `explain ${query.sql}` });
    const earlier = await entriesReadBy(connection);
    const before = await entriesReadBy(connection);
    await connection.executeQuery(query);
    const after = await entriesReadBy(connection);
    // Reading the counters reads some entries as well.
    const entriesRead = after - before - (before - earlier);
    const lines = explained.rows.map((row) => JSON.stringify(row));
    const faults = lines.filter((line) => /"table":"(city|airport|search_term)","type":"ALL"/.test(line));
    return { entriesRead, faults, plan: lines.join("\n") };
  });
}

async function entriesReadBy<Schema>(connection: Database<Schema>["db"]): Promise<number> {
  const { rows } = await sql<{
    Variable_name: string;
    Value: string;
  }>`show session status like 'Handler_read%'`.execute(connection);
  return rows.reduce((sum, { Value }) => sum + Number(Value), 0);
}

/** One step of an SQLite plan. */
interface SqliteStep {
  readonly parent: number;
  readonly detail: string;
}

async function workOnSqlite<Schema>({ db }: Database<Schema>, query: CompiledQuery): Promise<Work> {
  const { rows } = await db.executeQuery<SqliteStep>({ ...query, sql: `explain query plan ${query.sql}` });
  const plan = rows.map(({ detail }) => detail).join("\n");
  return { faults: rows.filter((step) => isScan(step) || isSortOfTable(step, rows)).map(({ detail }) => detail), plan };
}

/** Whether a step scans a table. Lists of keys, and pages inside a select, are short; an outermost `page` is a table too. */
const isScan = ({ detail, parent }: SqliteStep): boolean =>
  /^SCAN (city|airport|search_term)\b/.test(detail) || (parent === 0 && /^SCAN page\b/.test(detail));

/** Whether a step sorts all rows of a parent: a sort in the select that searches the table. Pages are sorted outside of it. */
const isSortOfTable = ({ detail, parent }: SqliteStep, steps: readonly SqliteStep[]): boolean =>
  detail.startsWith("USE TEMP B-TREE FOR") &&
  steps.some((step) => step.parent === parent && /^SEARCH (city|airport|search_term)\b/.test(step.detail));
