import { GraphQLError } from "graphql";
import { expect, test } from "vitest";
import { Writer2022 } from "../../../src/gateway/streaming/format-2022.ts";

const error = new GraphQLError("no");

test("the index goes on from payload to payload, also past a payload of another part", () => {
  const writer = new Writer2022();
  writer.write({ data: {}, pending: [{ id: "0", path: ["list"], initialCount: 2 }], hasNext: true });
  const first = writer.write({ incremental: [{ id: "0", items: ["c", "d"] }], hasNext: true });
  expect(first).toEqual({ incremental: [{ path: ["list", 2], items: ["c", "d"] }], hasNext: true });
  const second = writer.write({ incremental: [{ id: "0", items: ["e"] }], hasNext: true });
  expect(second).toEqual({ incremental: [{ path: ["list", 4], items: ["e"] }], hasNext: true });
  const last = writer.write({ completed: [{ id: "0", errors: [error] }], hasNext: false });
  expect(last).toEqual({ incremental: [{ path: ["list", 5], items: null, errors: [error] }], hasNext: false });
});

test("a part of a fragment is placed by the fragment's path and its own", () => {
  const writer = new Writer2022();
  writer.write({ data: {}, pending: [{ id: "0", path: ["user"], label: "L" }], hasNext: true });
  expect(writer.write({ incremental: [{ id: "0", subPath: ["friends", 1], data: { a: 1 } }], hasNext: true })).toEqual({
    incremental: [{ path: ["user", "friends", 1], label: "L", data: { a: 1 } }],
    hasNext: true,
  });
});

test("a fragment has an entry at its own path when it is complete, also where all of it lies deeper or came before", () => {
  const writer = new Writer2022();
  const pending = [
    { id: "0", path: ["user"], label: "deeper" },
    { id: "1", path: ["user"], label: "before" },
  ];
  writer.write({ data: {}, pending, hasNext: true });
  const incremental = [{ id: "0", subPath: ["friend"], data: { a: 1 } }];
  expect(writer.write({ incremental, completed: [{ id: "0" }, { id: "1" }], hasNext: false })).toEqual({
    incremental: [
      { path: ["user", "friend"], label: "deeper", data: { a: 1 } },
      { path: ["user"], label: "deeper", data: {} },
      { path: ["user"], label: "before", data: {} },
    ],
    hasNext: false,
  });
});

test("what two fragments ask for has the label of the one that is complete", () => {
  const writer = new Writer2022();
  const pending = [
    { id: "0", path: ["user"], label: "outer" },
    { id: "1", path: ["user", "friend"], label: "inner" },
  ];
  writer.write({ data: {}, pending, hasNext: true });
  const shared = { incremental: [{ id: "1", data: { a: 1 } }], completed: [{ id: "0" }], hasNext: true };
  expect(writer.write(shared)).toEqual({
    incremental: [
      { path: ["user", "friend"], label: "outer", data: { a: 1 } },
      { path: ["user"], label: "outer", data: {} },
    ],
    hasNext: true,
  });
  const rest = { incremental: [{ id: "1", data: { b: 2 } }], completed: [{ id: "1" }], hasNext: false };
  expect(writer.write(rest)).toEqual({
    incremental: [{ path: ["user", "friend"], label: "inner", data: { b: 2 } }],
    hasNext: false,
  });
});

test("a payload that only announces parts or completes a list is left out, unless it is the last", () => {
  const writer = new Writer2022();
  writer.write({ data: {}, pending: [{ id: "0", path: ["a"], initialCount: 1 }], hasNext: true });
  const payload = { completed: [{ id: "0" }], pending: [{ id: "1", path: ["b"], initialCount: 0 }], hasNext: true };
  expect(writer.write(payload)).toBeUndefined();
  expect(writer.write({ completed: [{ id: "1" }], hasNext: false })).toEqual({ hasNext: false });
});

test("a stream that is cut off has an error for each pending part, and no null that would drop what has come", () => {
  const writer = new Writer2022();
  const pending = [
    { id: "0", path: [] },
    { id: "1", path: ["list"], initialCount: 3 },
  ];
  writer.write({ data: {}, pending, hasNext: true });
  expect(writer.write({ cutOff: error, hasNext: false })).toEqual({
    incremental: [
      { path: [], errors: [error] },
      { path: ["list", 3], errors: [error] },
    ],
    hasNext: false,
  });
});
