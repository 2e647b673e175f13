import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Driver } from "./driver.ts";
import type { Outcome } from "./run-case.ts";
import { columns, type Row, readTable, writeRows } from "./table.ts";

/** Set by `npm run clients:record`, to write the table instead of a comparison. */
const records = process.env.CLIENTS_RECORD === "1";

/** Declares a test per client and column, which compares the outcome with the table in `docs/clients.md`. */
export function compareWithTable(
  drivers: readonly Driver[],
  run: (driver: Driver, column: string) => Promise<Outcome>,
): void {
  let committed: ReadonlyMap<string, Row>;
  beforeAll(async () => {
    committed = await readTable();
  });
  const rows: Row[] = [];
  afterAll(async () => {
    if (records) await writeRows(rows);
  });
  describe.for(drivers)("$title $version", (driver) => {
    const cells = new Map<string, Outcome>();
    afterAll(() => {
      // Without all outcomes, the table keeps the previous row of the client.
      if (cells.size === columns.length) rows.push({ title: driver.title, version: driver.version, cells });
    });
    test.skipIf(records)("has this version in the table of docs/clients.md", () => {
      expect(committed.get(driver.title)?.version, "npm run clients:record writes the table").toBe(driver.version);
    });
    test.for(columns)("has the outcome of docs/clients.md for %s", async (column) => {
      const outcome = await run(driver, column);
      cells.set(column, outcome);
      if (records) return;
      const expected = committed.get(driver.title)?.cells.get(column);
      expect(outcome, "npm run clients:record writes the table").toEqual(expected);
    });
  });
}
