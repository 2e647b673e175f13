import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Driver } from "./driver.ts";
import type { Outcome } from "./run-case.ts";
import { columns, type Row, readTable, writeRows } from "./table.ts";

/** Set by `npm run clients:record`: the table is written, not compared. */
const records = process.env.CLIENTS_RECORD === "1";

/** A test for each cell of these clients in `docs/clients.md`: what comes of the case is what the table says. */
export function holdToTable(
  drivers: readonly Driver[],
  run: (driver: Driver, column: string) => Promise<Outcome>,
): void {
  let committed: ReadonlyMap<string, Row>;
  beforeAll(async () => {
    committed = await readTable();
  });
  const seen: Row[] = [];
  afterAll(async () => {
    if (records) await writeRows(seen);
  });
  describe.for(drivers)("$title $version", (driver) => {
    const cells = new Map<string, Outcome>();
    afterAll(() => {
      // A client that could not be run keeps the row that it has.
      if (cells.size === columns.length) seen.push({ title: driver.title, version: driver.version, cells });
    });
    test.skipIf(records)("the table in docs/clients.md is about this version", () => {
      expect(committed.get(driver.title)?.version, "npm run clients:record writes the table").toBe(driver.version);
    });
    test.for(columns)("%s: as docs/clients.md says", async (column) => {
      const outcome = await run(driver, column);
      cells.set(column, outcome);
      if (records) return;
      const expected = committed.get(driver.title)?.cells.get(column);
      expect(outcome, "npm run clients:record writes the table").toEqual(expected);
    });
  });
}
