import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { checkCalls } from "../../checks/calls/check.ts";
import { differencesBetween } from "../../checks/calls/differences.ts";
import { findingText } from "../../checks/calls/finding.ts";
import { readRecord } from "../../checks/calls/record.ts";
import { startApp } from "../../checks/calls/running-app.ts";
import { testDatabases, useDatabaseUrl } from "../support/databases.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

describe.each(testDatabases)("on %s", { timeout: 90_000 }, (name) => {
  const databaseUrl = useDatabaseUrl(name, "seeded");

  test("every operation of the clients costs what is recorded for it", async () => {
    const record = await readRecord(root);
    await using app = await startApp({ DATABASE_URL: databaseUrl() });
    const { findings, summaries } = await checkCalls(root, app, record);
    expect(findings.map(findingText)).toEqual([]);
    expect(differencesBetween(record.operations, summaries)).toEqual([]);
  });
});
