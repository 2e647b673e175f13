import { expect, test } from "vitest";
import {
  type CallRecord,
  emptyRecord,
  parseRecord,
  printRecord,
  readRecord,
} from "../../../src/commands/calls/record.ts";
import { parseLimits, recordCalls } from "../../../src/commands/calls/record-calls.ts";
import { callSource, operationsFolder, toyApp } from "./toy-app.ts";

const call = { sources: { sun: 2 }, calls: { "sun.today": 2 }, chain: { length: 1, calls: ["sun.today"] } };
const record: CallRecord = {
  keysPerCall: { "sun.today": { keys: 1, reason: "one per call" } },
  operations: { B: call, A: { ...call, firstPayload: { sources: {}, calls: {}, chain: { length: 0, calls: [] } } } },
};

test("a printed record is parsed again, sorted by name", () => {
  const text = printRecord(record);
  expect(parseRecord(text)).toEqual(record);
  expect(text.indexOf('"A"')).toBeLessThan(text.indexOf('"B"'));
  expect(printRecord(parseRecord(text))).toBe(text);
});

test("without a file nothing is recorded", () => {
  expect(parseRecord(undefined)).toEqual(emptyRecord);
});

test.each([["{"], ["{}"], ['{"keysPerCall":{"a.b":{"keys":1,"reason":" "}},"operations":{}}']])(
  "the message about an invalid record names the file: %s",
  (text) => {
    expect(() => parseRecord(text)).toThrow(/^operations\/calls\.json is /);
  },
);

const app = () =>
  toyApp("type Query { days(first: Int!): [Day!]! } type Day { sun: String }", {
    Query: { days: (_, { first }) => Array.from({ length: Number(first) }, () => ({})) },
    Day: {
      sun: async (_, __, scope) => {
        await callSource(scope, "sun.today");
        return "up";
      },
    },
  });

const folder = () =>
  operationsFolder(
    { days: "query Days($first: Int!) { days(first: $first) { sun } }" },
    { Days: { small: { first: 2 }, large: { first: 5 } } },
  );

test("one call per key is recorded with a declared limit, which is printed", async () => {
  const { root } = folder();
  const limits = parseLimits(["sun.today=1"], "one per call");
  expect(await recordCalls(root, app(), limits)).toEqual({
    isRecorded: true,
    text: `Recorded in operations/calls.json; commit it:
  Days: 5 calls (sun 5), longest chain: 1 (new)
  sun.today may be called once per key: one per call`,
  });
  expect(await recordCalls(root, app(), {})).toEqual({
    isRecorded: true,
    text: "operations/calls.json is up to date.",
  });
  expect((await readRecord(root)).keysPerCall).toEqual(limits);
});

test("nothing is recorded while calls grow with a list", async () => {
  const { root } = folder();
  const { isRecorded, text } = await recordCalls(root, app(), {});
  expect(isRecorded).toBe(false);
  expect(text).toMatch(
    /^operations\/days\.graphql \(Days\): calls grow with the list\.\n[\s\S]+\nNothing was recorded\.$/,
  );
  expect(await readRecord(root)).toEqual(emptyRecord);
});

test("a limit of an unknown call is refused, with the names of the calls", async () => {
  const limits = parseLimits(["sun.today=1", "sun.tomorrow=1"], "one per call");
  await expect(recordCalls(folder().root, app(), limits)).rejects.toThrow(
    "--keys-per-call: no operation makes the call sun.tomorrow. The calls are sun.today.",
  );
});

test.each([["sun.today"], ["sun.today=0"], ["sun=1"], ["sun.today=x"]])("%s is not a valid limit", (text) => {
  expect(() => parseLimits([text], "why")).toThrow(`--keys-per-call: expected sun.sun=1, got "${text}".`);
});

test("a limit needs a reason", () => {
  expect(() => parseLimits(["sun.today=1"], " ")).toThrow("--reason");
});
