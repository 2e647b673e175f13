import { expect, test } from "vitest";
import { SqliteWorker } from "../../../../src/sql/dialects/sqlite/sqlite-worker.ts";

const endless = "with recursive c(n) as (select 1 union all select n + 1 from c) select max(n) from c";

test("a query that is aborted while its thread starts never runs, and its thread serves the next one", async () => {
  const worker = new SqliteWorker({ file: ":memory:", readOnly: false, busyTimeoutMs: 1_000, statementCacheSize: 1 });
  const aborting = new AbortController();
  const query = worker.run(endless, [], aborting.signal);
  aborting.abort(new Error("gone"));
  await expect(query).rejects.toThrow("gone");
  expect((await worker.run("select 1 as one", [])).rows).toEqual([[1]]);
  await worker.close();
});
