import { expect, test } from "vitest";
import { compareWithBase } from "../../../src/commands/calls/check-calls.ts";
import { type CallRecord, emptyRecord, printRecord } from "../../../src/commands/calls/record.ts";
import { check, operationsFolder, toyApp } from "./toy-app.ts";

const summary = (calls: Record<string, number>, length: number) => ({
  sources: {},
  calls,
  chain: { length, calls: [] },
});

const before: CallRecord["operations"] = {
  Country: summary({ "database.capitals": 1, "sun.today": 1 }, 2),
  Fewer: summary({ "database.cities": 2 }, 2),
  Gone: summary({ "database.cities": 1 }, 1),
  Same: summary({ "database.cities": 1 }, 1),
};
const now: CallRecord["operations"] = {
  Country: summary({ "database.capitals": 3 }, 3),
  Fewer: summary({ "database.cities": 1 }, 2),
  New: { ...summary({ "database.cities": 1 }, 1), sources: { database: 1 } },
  Same: summary({ "database.cities": 1 }, 1),
};

const checked = (summaries: CallRecord["operations"], failed: readonly string[] = []) => ({
  operations: [...Object.keys(summaries), ...failed],
  notRun: [],
  measured: [],
  summaries,
  findings: [],
});

function baseFolder(operations: CallRecord["operations"] = before) {
  const folder = operationsFolder({});
  folder.commit({ "operations/calls.json": printRecord({ ...emptyRecord, operations }) });
  return folder;
}

test("the comment lists operations with more calls, with fewer calls, new ones and removed ones", async () => {
  const folder = baseFolder();
  const { markdown } = await compareWithBase(folder.root, checked(now), "HEAD");
  expect(
    markdown.replace(/\([0-9a-f]{8}\)/, "(12345678)"),
  ).toBe(`### Calls compared with HEAD (12345678): 1 operation with more calls or a longer chain, 1 new, 1 with fewer calls, 1 removed

#### More calls, or a longer chain

- Country: database.capitals: 3 calls, was 1; sun.today: 0 calls, was 1; the longest chain: 3 calls, was 2

#### New operations

- New: 1 call (database 1), longest chain: 1

#### Fewer calls

- Fewer: database.cities: 1 call, was 2

#### Removed operations

- Gone

`);
});

test("more calls than in the base are reported, also if they have been recorded since", async () => {
  const folder = baseFolder();
  folder.write({ "operations/calls.json": printRecord({ ...emptyRecord, operations: now }) });
  const { text } = await compareWithBase(folder.root, checked(now), "HEAD");
  expect(text).toContain("Country: database.capitals: 3 calls, was 1");
});

test("an operation that could not be executed does not count as removed", async () => {
  const { text } = await compareWithBase(
    baseFolder({ Same: before.Same ?? summary({}, 0) }).root,
    checked({}, ["Same"]),
    "HEAD",
  );
  expect(text).toMatch(/: no change$/);
});

test("a base without a record is reported", async () => {
  const folder = operationsFolder({});
  folder.commit({ readme: "1" });
  const { text } = await compareWithBase(folder.root, checked({}), "HEAD");
  expect(text).toBe("Calls compared with nothing, because HEAD has no record of calls: no change");
});

test("on main the base is the commit before the last change of the record", async () => {
  const folder = baseFolder();
  folder.commit({ "operations/calls.json": printRecord({ ...emptyRecord, operations: now }) });
  folder.commit({ readme: "1" });
  const { text } = await compareWithBase(folder.root, checked(now));
  expect(text).toContain("compared with the commit before the last change of the call record");
  expect(text).toContain("Country: database.capitals: 3 calls, was 1");
});

test("the comment says that the contract is broken", async () => {
  const app = toyApp("type Query { name: String }", {});
  const found = await check(app, { name: "query Name { name }" }, {});
  const { markdown } = await compareWithBase(baseFolder({}).root, found, "HEAD");
  expect(markdown).toContain("**The call contract is broken:** 1 finding in the log of the check.");
});
