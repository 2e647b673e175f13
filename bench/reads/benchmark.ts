import { type Contender, expectSameResults, timeRounds } from "../measure.ts";
import { median } from "../statistics.ts";
import { groupContenders, pageContenders, type Rows } from "./contenders.ts";
import { type BenchDatabase, type BenchDatabaseName, createBenchDatabase } from "./host.ts";
import { createTables, groupsOf, spreadKeys, type TableName, type TableSizes, tableSizes } from "./tables.ts";

export const reads = ["page of each parent", "rows of each group"] as const;
export type ReadName = (typeof reads)[number];

export interface Settings {
  readonly databases: readonly BenchDatabaseName[];
  /** Numbers of parents per request. */
  readonly parents: readonly number[];
  /** Number of parents in the tables. */
  readonly allParents: number;
  /** Approximate duration of a comparison in milliseconds, with 5 to 200 rounds. */
  readonly budgetMs: number;
  readonly log: (line: string) => void;
}

/** The medians of a read, table and number of parents, in milliseconds by name of the contender. */
export interface Result {
  readonly read: ReadName;
  readonly table: TableName;
  readonly parents: number;
  readonly medians: ReadonlyMap<string, number>;
}

export interface DatabaseResults {
  readonly title: string;
  readonly results: readonly Result[];
}

export interface Measured {
  readonly sizes: TableSizes;
  readonly databases: readonly DatabaseResults[];
  /** Databases that are not available, with the reasons. */
  readonly missing: readonly string[];
}

/** Fills the tables of each database, and times the reads. */
export async function measureReads(settings: Settings): Promise<Measured> {
  const sizes = tableSizes(settings.allParents);
  const databases: DatabaseResults[] = [];
  const missing: string[] = [];
  for (const name of settings.databases) {
    const bench = await createBenchDatabase(name).catch((error) => {
      missing.push(`${name}: ${error instanceof Error ? error.message : error}`);
      return undefined;
    });
    if (bench === undefined) continue;
    try {
      settings.log(`${bench.title}: filling two tables`);
      await createTables(bench.database, sizes);
      databases.push({ title: bench.title, results: await measureDatabase(bench, sizes, settings) });
    } finally {
      await bench.remove();
    }
  }
  return { sizes, databases, missing };
}

async function measureDatabase(bench: BenchDatabase, sizes: TableSizes, settings: Settings): Promise<Result[]> {
  const results: Result[] = [];
  for (const read of reads) {
    for (const table of ["small", "large"] as const) {
      const tooSlow = new Set<string>();
      for (const parents of settings.parents) {
        const contenders = contendersFor(read, bench, table, parents, sizes).filter(({ name }) => !tooSlow.has(name));
        if (contenders.length === 0) break;
        const medians = await measureContenders(contenders, settings.budgetMs);
        results.push({ read, table, parents, medians });
        for (const [name, ms] of medians) if (ms > tooSlowMs) tooSlow.add(name);
        const line = [...medians].map(([name, ms]) => `${name} ${ms.toFixed(2)} ms`).join(", ");
        settings.log(`${bench.title}: ${read}, ${table}, ${parents}: ${line}`);
      }
    }
  }
  return results;
}

/** A slower contender is not measured with more parents. */
export const tooSlowMs = 1_000;

function contendersFor(
  read: ReadName,
  bench: BenchDatabase,
  table: TableName,
  parents: number,
  sizes: TableSizes,
): Contender<Rows>[] {
  switch (read) {
    case "page of each parent":
      return pageContenders(bench, table, spreadKeys(parents, sizes.parents));
    case "rows of each group":
      return groupContenders(bench, table, spreadKeys(parents, groupsOf(sizes, table)));
    default:
      return read satisfies never;
  }
}

async function measureContenders(
  contenders: readonly Contender<Rows>[],
  budgetMs: number,
): Promise<ReadonlyMap<string, number>> {
  const startedAt = performance.now();
  await expectSameResults(contenders, idsOf);
  const roundMs = performance.now() - startedAt;
  const rounds = Math.min(200, Math.max(5, Math.round(budgetMs / roundMs)));
  const timings = await timeRounds(contenders, { rounds, warmUpRounds: Math.ceil(rounds / 10) });
  return new Map([...timings].map(([name, times]) => [name, median(times)]));
}

/** The order of the rows of a group is not specified. */
const idsOf = (rows: Rows): unknown => rows.map((siblings) => siblings.map(({ id }) => id).sort((a, b) => a - b));
