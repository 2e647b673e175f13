import { type Kysely, sql } from "kysely";
import type { AtlasDatabase } from "../../datasources/database.ts";
import { findProblems } from "./checks.ts";
import type { DatabaseKind, SeededTable } from "./columns.ts";
import { decide } from "./decide.ts";
import { decisions } from "./decisions.ts";
import { insertRows } from "./insert.ts";
import { readSources } from "./packages.ts";
import { toAirportRow, toCityRow, toSearchTerms } from "./rows.ts";

/** Called with the progress: `done` of `total` steps, and the current step. */
export type OnProgress = (done: number, total: number, label: string) => void;

/** The rows of the seeded tables. */
export type SeedRows = { readonly [Table in SeededTable]: readonly AtlasDatabase[Table][] };

export interface SeedOptions {
  readonly readRows: () => Promise<SeedRows>;
  readonly onProgress: OnProgress;
  /** Called after all rows are inserted. */
  readonly addIndexes: () => Promise<void>;
}

/** The indexes take as long as this number of rows. */
const indexSteps = 60_000;

/** Fills the empty tables. */
export async function seed(db: Kysely<AtlasDatabase>, kind: DatabaseKind, options: SeedOptions): Promise<void> {
  const { city, airport, search_term } = await options.readRows();
  const total = city.length + airport.length + search_term.length + indexSteps;
  let done = 0;
  const inserted = (label: string) => (rows: number) => {
    done += rows;
    options.onProgress(done, total, label);
  };
  options.onProgress(0, total, "cities");
  await insertRows(db, kind, "city", city, inserted("cities"));
  await insertRows(db, kind, "airport", airport, inserted("airports"));
  await insertRows(db, kind, "search_term", search_term, inserted("search terms"));
  await options.addIndexes();
  await collectStatistics(db, kind);
  options.onProgress(total, total, "indexes");
}

/** The checked rows of the data packages. @throws Error for a finding without a decision */
export async function readPackages(): Promise<SeedRows> {
  const sources = await readSources();
  const rows = {
    cities: sources.cities.map((city) => toCityRow(city, sources.timeZoneAt)),
    airports: sources.airports.map(toAirportRow),
  };
  const { cities, airports } = decide(rows, findProblems(rows, sources.countryCodes), decisions);
  return { city: cities, airport: airports, search_term: toSearchTerms(cities, airports) };
}

/** Without statistics the query planners assume wrong numbers of rows per key. */
async function collectStatistics(db: Kysely<AtlasDatabase>, kind: DatabaseKind): Promise<void> {
  const statement = {
    sqlite: sql`analyze`,
    postgres: sql`analyze city, airport, search_term`,
    mysql: sql`analyze table city, airport, search_term`,
  }[kind];
  await statement.execute(db);
}
